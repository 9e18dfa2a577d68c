// Time inside a page: the words of the day that is asked, the difference of two versions, tables of contents and citing texts of that day.
import { asked, holds, node, said } from "./jour.js"
import { alineas, record, turn } from "./texte.js"
import { changes } from "./ecart.js"

/** @typedef {import("./texte.js").Data} Data @typedef {import("./texte.js").Version} Version */

const get = (/** @type {string} */ id) => document.getElementById(id)

/** The page on the day that is asked. */
export async function time() {
  const page = document.querySelector(".disposition")
  if (!page) return
  const day = asked()
  const read = day ?? page.getAttribute("data-jour")
  addEventListener("beforeprint", () => {
    const place = get("imprime")
    if (place) place.textContent = location.href
  })
  more(read)
  if (read) onDay(read)
  together(read)
  if (!get("versions") && !day) return
  const found = await record(new URL(location.href))
  if (!found) return
  if (day) show(found.data, day)
  differences(found.data, day)
  keys(found.data, day)
  copies(found.data, read)
}

/** @param {Data} data @param {string} day */
function show(data, day) {
  const [, at, , why] = turn(data, day)
  const version = data.versions[at]
  const status = get("statut"), reasons = get("raisons"), text = get("texte")
  document.querySelector(".entete")?.append(node("p", `Lu au ${said(day)}.`, { class: "lu-au" }))
  if (status) status.textContent = version ? version.dit : `Le ${said(day)} : ${why || "aucune version connue ce jour-là"}`
  if (reasons) reasons.textContent = version ? why : ""
  for (const note of document.querySelectorAll(".note-version")) note.remove()
  const official = get("officiel")
  if (official) official.textContent = version?.officiel ?? ""
  const outside = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.dehors[href*=LEGIARTI]"))
  if (outside && version?.officiel?.startsWith("LEGIARTI")) outside.href = outside.href.replace(/LEGIARTI\d+/, version.officiel)
  else outside?.remove()
  for (const item of document.querySelectorAll(".versions > [data-version], .frise [data-version]")) item.classList.toggle("montree", item.getAttribute("data-version") === version?.id)
  if (!text || text.querySelector(".division")) {
    if (text && !version) text.replaceChildren(node("p", `Ce texte n'était pas en vigueur le ${said(day)}.`, { class: "absent" }), nearest(data, day))
    return
  }
  const hash = location.hash, printed = document.querySelector(".impression")
  if (printed) sealed(printed, data, version, day)
  if (!version) text.replaceChildren(node("p", `Aucune version n'est en vigueur le ${said(day)}.`, { class: "absent" }), nearest(data, day))
  else if (!version.al) text.replaceChildren(node("p", "Le texte de cette version n'est pas dans cette base de connaissances.", { class: "absent" }))
  else {
    const cites = data.signe ?? day
    const made = alineas(data, version, cites)
    for (const spare of document.querySelectorAll(".autres [id]")) if (made.getElementById(spare.id)) spare.remove()
    const gone = [...text.querySelectorAll("[id]")].map(each => each.id).filter(id => !made.getElementById(id))
    text.replaceChildren(made, ...gone.map(id => node("span", "", { id })))
  }
  if (hash) document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView()
}

/** What a print of that day carries: the id, the days, the address, the digest of the words. @param {Element} place @param {Data} data @param {Version | undefined} version @param {string} day */
async function sealed(place, data, version, day) {
  const words = (version?.al ?? []).map(n => data.alineas[n].t).join("\n")
  const known = data.jour ? ` · données à jour au ${said(data.jour)}` : ""
  place.replaceChildren(`${data.id} · lu au ${said(day)}${known} · `, node("span", location.href, { id: "imprime" }))
  if (!words || !crypto.subtle) return
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words))
  place.append(` · sha256 du texte montré ${[...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, "0")).join("")}`)
}

/** A way to the version next to a day on which none holds. @param {Data} data @param {string} day */
function nearest(data, day) {
  const line = node("p"), dated = data.versions.filter(v => v.de)
  const next = dated.find(v => (v.de ?? "") > day), last = dated.findLast(v => (v.de ?? "") <= day)
  for (const [version, words] of /** @type {[Version | undefined, string][]} */ ([[last, "Version précédente"], [next, "Version suivante"]])) {
    if (version) line.append(node("a", `${words} (${version.dit})`, { href: `?le=${version.de}` }), " ")
  }
  return line
}

/** What a table of contents, and what cites, has on that day. @param {string} day */
function onDay(day) {
  let gone = 0
  for (const line of document.querySelectorAll(".sommaire > li")) /** @type {HTMLElement} */ (line).hidden = !holds(line.getAttribute("data-tenu") ?? "", day)
  for (const quote of document.querySelectorAll("#citants > .citant")) {
    const there = holds(quote.getAttribute("data-tenu") ?? "", day)
    ;/** @type {HTMLElement} */ (quote).hidden = !there && asked() !== null
    if (!there && asked() !== null) gone++
    const title = quote.querySelector(".citant-titre")
    if (!there && asked() === null && title && !title.querySelector(".doux")) title.append(" ", node("span", "dans une version passée ou à venir", { class: "doux" }))
  }
  const note = get("hors-jour")
  if (note) {
    note.hidden = gone === 0
    note.textContent = gone === 1 ? `1 passage, d'un texte qui n'est pas en vigueur le ${said(day)}, n'est pas montré.` : `${gone} passages, de textes qui ne sont pas en vigueur le ${said(day)}, ne sont pas montrés.`
  }
}

/** The citing texts that are not on the page yet. @param {string | null} day */
function more(day) {
  const button = /** @type {HTMLButtonElement | null} */ (get("citants-suite")), list = get("citants")
  button?.addEventListener("click", async () => {
    const answer = await fetch(button.dataset.suite ?? "")
    if (!answer.ok || !list) return
    const { mots, suite } = await answer.json()
    const { ROOT } = await import("./jour.js")
    for (const [name, address, label, before, between, after, spans, fragment] of mots) {
      const entry = node("article", "", { class: "citant", "data-tenu": spans }), title = node("p", "", { class: "citant-titre" }), quote = node("blockquote"), line = node("p", before)
      title.append(node("a", name, { href: new URL(address, ROOT).href, "data-carte": "" }))
      line.append(node("mark", between), after)
      quote.append(line, node("footer", label + (fragment ? ` · vise le ${fragment}` : "")))
      entry.append(title, quote)
      list.append(entry)
    }
    if (suite) button.dataset.suite = suite
    else button.remove()
    if (day) onDay(day)
  })
}

/** The articles of a division one after the other, on the day. @param {string | null} day */
function together(day) {
  const button = get("lire-tout"), place = get("ensemble")
  button?.addEventListener("click", async () => {
    button.setAttribute("disabled", "")
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".sommaire > li.article:not([hidden]) > a"))) {
      const found = await record(new URL(link.href))
      if (!found || !place) continue
      const version = day ? found.data.versions[turn(found.data, day)[1]] : found.data.versions.at(-1)
      const heading = node("h3"), text = node("div", "", { class: "texte" })
      heading.append(node("a", found.data.titre, { href: link.href }))
      if (version) text.append(alineas(found.data, version, asked(), false))
      place.append(heading, text)
    }
    button.remove()
  })
}

/** One button a version: what it changed. @param {Data} data @param {string | null} day */
function differences(data, day) {
  const place = get("difference")
  if (!place) return
  const read = data.versions.map((v, n) => ({ v, n })).filter(({ v }) => v.al)
  for (const item of document.querySelectorAll("ol.versions > li")) {
    const at = read.findIndex(({ v }) => v.id === item.getAttribute("data-version"))
    if (at < 1) continue
    const button = node("button", "Ce qui a changé", { type: "button", class: "ecart" })
    button.addEventListener("click", () => compare(data, read[at - 1].v, read[at].v, place))
    item.querySelector(".version-titre")?.append(" ", button)
  }
  const chosen = new URLSearchParams(location.search).get("avec")
  const one = chosen && data.versions[turn(data, chosen)[1]], two = day && data.versions[turn(data, day)[1]]
  if (one && two && one !== two) compare(data, one, two, place)
}

/** @param {Data} data @param {Version} one @param {Version} two @param {HTMLElement} place */
function compare(data, one, two, place) {
  const body = node("div", "", { class: "texte ecarts" })
  for (const line of changes(data, one, two)) {
    const p = node("p", "", { class: line.whole ? line.whole : "" })
    for (const [op, words] of line.runs) p.append(op === "same" ? words : node(op === "gone" ? "del" : "ins", words))
    body.append(p)
  }
  const wide = node("button", "Côte à côte", { type: "button" })
  wide.addEventListener("click", () => {
    const sides = place.classList.toggle("cote-a-cote")
    wide.textContent = sides ? "Dans le texte" : "Côte à côte"
    body.replaceChildren(...(sides ? side(data, one, two) : rows))
  })
  const rows = [...body.childNodes]
  place.classList.remove("cote-a-cote")
  place.replaceChildren(node("h3", `Du ${one.de ? said(one.de) : "début inconnu"} au ${two.de ? said(two.de) : "début inconnu"}`), wide, body)
  place.tabIndex = -1
  place.focus()
}

/** @param {Data} data @param {Version} one @param {Version} two */
function side(data, one, two) {
  return changes(data, one, two).map(({ runs }) => {
    const row = node("div", "", { class: "paire" }), left = node("p"), right = node("p")
    for (const [op, words] of runs) {
      if (op !== "new") left.append(op === "gone" ? node("del", words) : words)
      if (op !== "gone") right.append(op === "new" ? node("ins", words) : words)
    }
    row.append(left, right)
    return row
  })
}

/** The number of an alinéa copies how it is cited: article, alinéa, version, permalink, id. @param {Data} data @param {string | null} day */
function copies(data, day) {
  const done = node("p", "", { class: "sr", role: "status" })
  document.body.append(done)
  document.addEventListener("click", event => {
    const number = event.target instanceof Element ? event.target.closest(".texte > .alinea > a.no") : null
    const label = number?.parentElement?.id
    if (!label || !navigator.clipboard) return
    const version = day ? data.versions[turn(data, day)[1]] : undefined
    const url = new URL(location.pathname, location.href)
    if (day) url.searchParams.set("le", day)
    url.hash = label
    const n = label.replace(/^al/, ""), name = [data.titre, `${n === "1" ? "1er" : `${n}e`} alinéa`, data.texte].filter(Boolean).join(", ")
    const told = `${name}${version?.de ? `, version en vigueur depuis le ${said(version.de)}` : ""}${day ? `, lue au ${said(day)}` : ""} (${data.id}#${label}), ${url.href}`
    navigator.clipboard.writeText(told).then(() => { done.textContent = "Référence copiée." }, () => { /* not allowed: the link is followed all the same */ })
  })
}

/** "[" and "]": the version before and the one after; "d": what changed. @param {Data} data @param {string | null} day */
function keys(data, day) {
  const read = day ?? data.jour
  if (!read) return
  document.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey || (event.target instanceof Element && event.target.closest("input, textarea, select"))) return
    const dated = data.versions.filter(v => v.de)
    const at = dated.findLastIndex(v => (v.de ?? "") <= read)
    const to = event.key === "[" ? dated[at - 1] : event.key === "]" ? dated[at + 1] : null
    if (to) location.assign(`?le=${to.de}`)
    if (event.key === "d") /** @type {HTMLElement | null} */ (document.querySelector("ol.versions > li.montree .ecart"))?.click()
  })
}
