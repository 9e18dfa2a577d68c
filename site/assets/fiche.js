// The card of a citation, by mouse, keyboard and touch: what it names, its status on the day of the link, its words.
import { ROOT, dayOf, said, node } from "./jour.js"
import { record, turn } from "./texte.js"

const STATUS = /** @type {Record<string, string>} */ ({ en_vigueur: "En vigueur", pas_encore: "Pas encore en vigueur", abroge: "Plus en vigueur", inconnu: "Statut inconnu" })

/** Cards for every link that has one. */
export function cards() {
  const card = node("div", "", { class: "fiche-renvoi md-typeset", id: "fiche-renvoi", hidden: "", role: "dialog", "aria-label": "Ce que nomme ce renvoi" })
  document.body.append(card)
  /** @type {HTMLAnchorElement | null} */
  let owner = null
  let timer = 0

  const hide = () => {
    clearTimeout(timer)
    if (owner) owner.removeAttribute("aria-details")
    owner = null
    card.hidden = true
  }
  /** @param {HTMLAnchorElement} link */
  const show = async link => {
    if (owner === link) return
    hide()
    owner = link
    const made = await content(link)
    if (owner !== link || !made) return
    card.replaceChildren(made)
    link.setAttribute("aria-details", card.id)
    link.after(card)
    card.hidden = false
    const place = link.getClientRects()[0] ?? link.getBoundingClientRect(), frame = /** @type {HTMLElement} */ (card.offsetParent ?? document.body).getBoundingClientRect()
    const below = place.bottom + card.offsetHeight + 12 < innerHeight || place.top < card.offsetHeight + 12
    card.style.left = `${Math.max(8, Math.min(place.left, document.documentElement.clientWidth - card.offsetWidth - 8)) - frame.left}px`
    card.style.top = `${(below ? place.bottom + 6 : place.top - card.offsetHeight - 6) - frame.top}px`
  }
  const wait = (/** @type {() => void} */ fn, /** @type {number} */ time) => { clearTimeout(timer); timer = window.setTimeout(fn, time) }
  const of = (/** @type {EventTarget | null} */ target) => target instanceof Element ? /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-carte]")) : null
  const inside = (/** @type {EventTarget | null} */ target) => target instanceof Element && target.closest("#fiche-renvoi") !== null

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    const link = pointerType === "touch" ? null : of(target)
    if (link) wait(() => show(link), 140)
    else if (inside(target)) clearTimeout(timer)
    else if (pointerType !== "touch") wait(hide, 220)
  })
  document.addEventListener("focusin", ({ target }) => {
    const link = of(target)
    if (link && link.matches(":focus-visible")) show(link)
    else if (!inside(target)) hide()
  })
  // By touch the first tap shows the card, whose title is the link; a second one follows it.
  let touched = false
  document.addEventListener("pointerdown", ({ pointerType }) => { touched = pointerType === "touch" })
  document.addEventListener("click", event => {
    const link = of(event.target)
    if (touched && link && !inside(link) && (owner !== link || card.hidden)) {
      event.preventDefault()
      show(link)
    } else if (!link && !inside(event.target)) hide()
  })
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || card.hidden) return
    const back = owner
    if (inside(document.activeElement)) back?.focus()
    hide()
  })
}

/** What a card says, or nothing where the link leads to no provision.
 * @param {HTMLAnchorElement} link @returns {Promise<HTMLElement | null>} */
async function content(link) {
  const to = new URL(link.href)
  const fragment = decodeURIComponent(to.hash.slice(1))
  const made = node("div", "", { class: "carte" })
  const title = node("p", "", { class: "carte-titre" })
  made.append(title)
  const head = node("a", "", { href: link.href })
  title.append(head)
  if (to.href.startsWith(`${ROOT.href}connus/`)) {
    const answer = await fetch(to.pathname)
    if (!answer.ok) return null
    const entry = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(fragment)
    if (!entry) return null
    head.textContent = entry.querySelector("strong")?.textContent ?? fragment
    made.append(...[...entry.querySelectorAll("p.doux")].slice(0, 3).map(p => node("p", p.textContent ?? "", { class: "carte-bornes" })), node("p", "Texte absent de cette base", { class: "carte-absent" }))
    return made
  }
  const found = await record(to)
  if (!found) return null
  const { data } = found
  head.textContent = [data.titre, piece(fragment), data.texte].filter(Boolean).join(" — ")
  const day = dayOf(to) ?? data.jour
  const now = day ? turn(data, day) : null
  const version = now ? data.versions[now[1]] : data.versions.at(-1)
  if (now && day) {
    const status = node("p", "", { class: `carte-statut ${now[2]}` })
    const whose = dayOf(to) === null ? "dernier jour des données" : day === document.querySelector(".disposition")?.getAttribute("data-cite") ? "date du texte citant" : ""
    status.append(node("span", "", { class: "point", "aria-hidden": "true" }), `${STATUS[now[2]] ?? now[2]} le ${said(day)}${whose ? `, ${whose}` : ""}`)
    made.append(status)
  }
  if (version) made.append(node("p", version.dit, { class: "carte-bornes" }))
  else if (now?.[3]) made.append(node("p", now[3], { class: "carte-bornes" }))
  const words = version?.al?.map(n => data.alineas[n]).find(a => !a.k && (!fragment || [a.l, a.m].includes(fragment.split(",")[0])))?.t.replace(/\s+/g, " ").trim()
  if (words) made.append(node("p", `« ${words.length > 320 ? `${words.slice(0, 320)}…` : words} »`, { class: "carte-mots" }))
  else if (version && !version.al) made.append(node("p", "Texte absent de cette base", { class: "carte-absent" }))
  return made
}

/** @param {string} fragment */
const piece = fragment => fragment.replace(/^al(\d+)$/, (_, n) => (n === "1" ? "1er alinéa" : `${n}e alinéa`))
