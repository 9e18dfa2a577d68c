// What a page does beyond its links: the card of a citation, the pane of its source, and whether a version holds today.
// Without this script every link still goes where it says.

const ready = fn => (document.readyState === "loading" ? addEventListener("DOMContentLoaded", fn) : fn())
ready(() => {
  cards()
  pane()
  today()
})

// -- the card of a citation, on hover and on focus ---------------------------------------------------------------

function cards() {
  const card = Object.assign(document.createElement("div"), { className: "fiche-renvoi md-typeset", id: "fiche-renvoi", hidden: true })
  card.setAttribute("role", "tooltip")
  document.body.append(card)
  let owner = null, timer = 0

  const hide = () => {
    clearTimeout(timer)
    owner?.removeAttribute("aria-describedby")
    owner = null
    card.hidden = true
  }
  const show = link => {
    const template = document.getElementById(link.dataset.carte)
    if (!template || owner === link) return
    hide()
    owner = link
    card.replaceChildren(template.content.cloneNode(true))
    if (link.dataset.ligne) card.append(at(link))
    link.setAttribute("aria-describedby", card.id)
    card.hidden = false
    const place = link.getClientRects()[0], width = card.offsetWidth, height = card.offsetHeight
    const below = place.bottom + height + 12 < innerHeight || place.top < height + 12
    card.style.left = `${scrollX + Math.max(8, Math.min(place.left, document.documentElement.clientWidth - width - 8))}px`
    card.style.top = `${scrollY + (below ? place.bottom + 6 : place.top - height - 6)}px`
  }
  const at = link => {
    const line = document.createElement("p")
    const source = Object.assign(document.createElement("a"), { className: "src", href: link.dataset.ligne, textContent: `voir ces mots dans la source, ligne ${link.dataset.ligne.split("#L")[1]}` })
    Object.assign(source.dataset, { source: link.dataset.source, debut: link.dataset.debut, fin: link.dataset.fin })
    line.append(source)
    return line
  }
  const wait = (fn, time) => { clearTimeout(timer); timer = setTimeout(fn, time) }

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    const link = pointerType !== "touch" && target.closest?.("[data-carte]")
    if (link) wait(() => show(link), 140)
    else if (target.closest?.("#fiche-renvoi")) clearTimeout(timer)
    else wait(hide, 220)
  })
  document.addEventListener("focusin", ({ target }) => {
    const link = target.closest("[data-carte]")
    if (link?.matches(":focus-visible")) show(link)
    else if (!target.closest("#fiche-renvoi")) hide()
  })
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide())
}

// -- the pane of the source --------------------------------------------------------------------------------------

function pane() {
  const around = 4
  const aside = Object.assign(document.createElement("aside"), { className: "volet", hidden: true, tabIndex: -1 })
  aside.setAttribute("aria-label", "Source")
  document.body.append(aside)
  let opener = null

  const close = () => {
    aside.hidden = true
    opener?.removeAttribute("aria-expanded")
    opener?.focus()
    opener = null
  }
  const node = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more)

  // Offsets count Unicode code points, as everywhere in Renvoi; strings here count UTF-16 units.
  const line = (item, start, end) => {
    const first = Number(item.dataset.debut), points = Array.from(item.querySelector(".ligne").textContent)
    const from = Math.max(0, start - first), to = Math.min(points.length, end - first)
    const out = node("li", ""), words = node("span", "", { className: "ligne" })
    out.append(node("span", item.id.slice(1), { className: "nl" }), words)
    if (from < to) {
      out.className = "vise"
      words.append(points.slice(0, from).join(""), node("mark", points.slice(from, to).join("")), points.slice(to).join(""))
    } else words.append(points.join(""))
    return out
  }

  const open = async link => {
    const answer = await fetch(link.href.split("#")[0])
    if (!answer.ok) throw new Error(answer.status)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const start = Number(link.dataset.debut), end = Number(link.dataset.fin)
    const items = [...page.querySelectorAll("ol.lignes > li")], file = page.querySelector(".fichier").dataset
    const last = items.findLastIndex(item => Number(item.dataset.debut) < end)
    const first = items.findLastIndex(item => Number(item.dataset.debut) <= start)
    const list = node("ol", "", { className: "lignes" })
    list.append(...items.slice(Math.max(0, first - around), last + around + 1).map(item => line(item, start, end)))
    const head = node("header", ""), body = node("div", "", { className: "corps" }), all = node("p", "")
    all.append(node("a", "Ouvrir la source entière à cette ligne", { href: link.href }))
    head.append(
      node("h2", first === last ? `Ligne ${first + 1}` : `Lignes ${first + 1} à ${last + 1}`),
      node("p", file.chemin), node("p", `caractères ${start} à ${end}`), node("p", `sha256 ${file.sha256}`), all,
      node("button", "×", { type: "button", title: "Fermer (Échap)", onclick: close, ariaLabel: "Fermer" }),
    )
    body.append(list)
    aside.replaceChildren(head, body)
    opener?.removeAttribute("aria-expanded")
    opener = link
    link.setAttribute("aria-expanded", "true")
    aside.hidden = false
    const seen = list.querySelector(".vise")
    body.scrollTop = seen ? seen.offsetTop - body.offsetTop - 70 : 0
    aside.focus({ preventScroll: true })
  }

  document.addEventListener("click", event => {
    const link = event.target.closest("a.src[data-source]")
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    open(link).catch(() => { location.href = link.href })
  })
  document.addEventListener("keydown", ({ key }) => key === "Escape" && !aside.hidden && close())
}

// -- today -------------------------------------------------------------------------------------------------------

// A page is built once and read for years: whether its version still holds is said by the reader's clock.
function today() {
  const now = new Date(), day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(n => String(n).padStart(2, "0")).join("-")
  for (const status of document.querySelectorAll(".statut[data-de]")) {
    const { de, a, fin, mot = "en vigueur" } = status.dataset
    if (fin === "inconnu") continue
    const holds = de <= day && !(a && a <= day)
    const chip = Object.assign(document.createElement("span"), { className: `aujourdhui ${holds ? "oui" : "non"}`, title: `Au ${day}` })
    chip.textContent = holds ? `${mot} aujourd'hui` : a && a <= day ? `plus ${mot} aujourd'hui` : `pas encore ${mot}`
    status.append(" ", chip)
  }
}
