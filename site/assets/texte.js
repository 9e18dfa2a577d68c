// The file of a provision (texte.json): read once, and shown. Its words become text, never markup.
import { ROOT, node } from "./jour.js"

/** @typedef {{l: string, t: string, k?: string, m?: string, o?: number, r?: string, c?: [number, number, string | null, string, string?][]}} Alinea
 *  @typedef {{id: string, de: string | null, a: string | null, dit: string, officiel?: string, al?: number[], source?: [string, string], ou?: [number, number, number][]}} Version
 *  @typedef {[string, number, string, string]} Turn
 *  @typedef {{id: string, titre: string, texte: string, jour: string | null, signe: string | null, alineas: Alinea[], versions: Version[], jours: Turn[]}} Data */

/** @type {Map<string, Promise<{data: Data, url: URL} | null>>} */
const read = new Map()

/** The file beside the page of an address. @param {URL} page @returns {Promise<{data: Data, url: URL} | null>} */
export function record(page) {
  const url = new URL("texte.json", page.origin + page.pathname)
  if (!read.has(url.href)) read.set(url.href, fetch(url).then(answer => (answer.ok ? answer.json() : null)).then(data => data && { data, url }).catch(() => null))
  return /** @type {Promise<{data: Data, url: URL} | null>} */ (read.get(url.href))
}

/** What holds on a day: the last turn that is not after it. @param {Data} data @param {string} day @returns {Turn} */
export const turn = (data, day) => data.jours.findLast(([from]) => from <= day) ?? ["", -1, "inconnu", ""]

/** Words with their citations as links; offsets count code points.
 * @param {Alinea} a @param {string | null} day */
export function words(a, day) {
  const points = /[\ud800-\udfff]/.test(a.t) ? Array.from(a.t) : null
  const cut = (/** @type {number} */ from, /** @type {number} */ to) => (points ? points.slice(from, to).join("") : a.t.slice(from, to))
  const out = document.createDocumentFragment()
  let at = 0
  const mark = !a.k && a.o === undefined ? /^(?:[-*•–]|\d+°\)?\s*-?)\s+/.exec(a.t) : null
  if (mark && (a.c ?? []).every(([from]) => from >= mark[0].length)) {
    out.append(node("span", mark[0].trimEnd(), { class: "puce" }), " ")
    at = mark[0].length
  }
  for (const [from, to, address, status, why] of a.c ?? []) {
    out.append(cut(at, from))
    if (address === null) out.append(node("span", cut(from, to), { class: `renvoi ${status}`, tabindex: "0", role: "note", title: why ?? "", "aria-label": why ?? "" }))
    else out.append(node("a", cut(from, to), { class: `renvoi ${status}`, href: new URL(dated(address, day), ROOT).href, "data-carte": "" }))
    at = to
  }
  out.append(cut(at, Infinity))
  return out
}

/** @param {string} address @param {string | null} day */
function dated(address, day) {
  if (!day || address.includes("?") || /^(connus|sources)\//.test(address)) return address
  const [path, anchor] = address.split("#")
  return `${path}?le=${day}${anchor ? `#${anchor}` : ""}`
}

/** The alinéas of a version, as the page has them. @param {Data} data @param {Version} version @param {string | null} day @param {boolean} [named] with anchors */
export function alineas(data, version, day, named = true) {
  const out = document.createDocumentFragment()
  let group = ""
  for (const [n, at] of (version.al ?? []).entries()) {
    const a = data.alineas[at], kind = a.k ?? "alinea"
    if ((kind === "nota" || kind === "lien") && `${kind}${a.r ?? ""}` !== group) {
      if (!group.startsWith(kind)) out.append(node("p", kind === "nota" ? "Nota" : "Liens relatifs à cet article", { class: "groupe" }))
      if (a.r) out.append(node("p", a.r, { class: "relation" }))
      group = `${kind}${a.r ?? ""}`
    }
    const block = node("div", "", { class: `alinea ${kind}${kind === "alinea" && a.o === undefined ? " item" : ""}` })
    if (named) block.id = a.l
    if (named && a.m && a.m !== a.l) block.append(node("span", "", { id: a.m }))
    if (kind === "alinea") {
      const number = node("a", "", { class: "no", href: `#${a.l}` })
      number.append(node("span", "alinéa ", { class: "sr" }), a.l.replace(/^al/, ""))
      block.append(number)
    }
    const text = node("p")
    text.append(words(a, day))
    const margin = node("span", "", { class: "marge" }), spot = version.ou?.[n]
    if (spot && version.source) {
      const [path, prefix] = version.source
      margin.append(node("a", `ligne ${spot[2]}`, { class: "src", "data-source": "", href: new URL(`${path.split("/").map(encodeURIComponent).join("/")}/#${prefix || `L${spot[2]}`}`, ROOT).href, "data-debut": String(spot[0]), "data-fin": String(spot[1]) }))
    }
    block.append(text, margin)
    out.append(block)
  }
  return out
}
