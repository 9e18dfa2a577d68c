// The pane of the source: the lines where words stand, with the name, the characters and the digest of the file.
import { node } from "./jour.js"

const AROUND = 4

/** Every link to a line opens in the page; with a key or the middle button it goes there. */
export function pane() {
  const aside = node("aside", "", { class: "volet md-typeset", hidden: "", tabindex: "-1", "aria-label": "Source" })
  document.body.append(aside)
  /** @type {HTMLElement | null} */
  let opener = null

  const close = () => {
    aside.hidden = true
    opener?.removeAttribute("aria-expanded")
    opener?.focus()
    opener = null
  }

  /** @param {HTMLAnchorElement} link */
  const open = async link => {
    const answer = await fetch(link.href.split("#")[0])
    if (!answer.ok) throw new Error(String(answer.status))
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const start = Number(link.dataset.debut), end = Number(link.dataset.fin)
    const file = /** @type {HTMLElement} */ (page.getElementById(decodeURIComponent(new URL(link.href).hash.slice(1)))?.closest(".lignes"))
    const items = file.matches("pre") ? (file.textContent ?? "").split("\n") : [...file.querySelectorAll(":scope > li")].map(item => item.textContent ?? "")
    const told = (/** @type {string} */ of) => file.previousElementSibling?.querySelector(of)?.textContent ?? ""
    const starts = offsets(items, Number(file.dataset.debut ?? 0))
    const last = starts.findLastIndex(offset => offset < end), first = starts.findLastIndex(offset => offset <= start), from = Math.max(0, first - AROUND)
    const list = node("ol", "", { class: "lignes", start: String(Number(file.getAttribute("start") ?? 1) + from) })
    list.append(...items.slice(from, last + AROUND + 1).map((item, n) => line(item, starts[from + n], start, end)))
    const head = node("header"), body = node("div", "", { class: "corps", tabindex: "0" }), all = node("p"), proof = node("p", "", { class: "preuve-faite", role: "status" })
    all.append(node("a", "Ouvrir la source entière à cette ligne", { href: link.href }))
    const shut = node("button", "×", { type: "button", title: "Fermer (Échap)", "aria-label": "Fermer" })
    shut.addEventListener("click", close)
    const check = node("button", "Vérifier l'empreinte du passage", { type: "button" })
    check.addEventListener("click", async () => { proof.textContent = `sha256 du passage : ${await digest(marked(items, starts[0], start, end))}` })
    const number = (/** @type {number} */ n) => Number(file.getAttribute("start") ?? 1) + n
    head.append(
      node("h2", first === last ? `Ligne ${number(first)}` : `Lignes ${number(first)} à ${number(last)}`), node("p", told(".chemin")),
      node("p", `caractères ${start} à ${end}`), node("p", `sha256 ${told(".empreinte")}`), all, check, proof, shut,
    )
    body.append(list)
    aside.replaceChildren(head, body)
    opener?.removeAttribute("aria-expanded")
    opener = link
    link.setAttribute("aria-expanded", "true")
    aside.hidden = false
    const seen = /** @type {HTMLElement | null} */ (list.querySelector(".vise"))
    body.scrollTop = seen ? seen.offsetTop - body.offsetTop - 70 : 0
    aside.focus({ preventScroll: true })
  }

  document.addEventListener("click", event => {
    const link = event.target instanceof Element ? /** @type {HTMLAnchorElement | null} */ (event.target.closest("a.src[data-source]")) : null
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    open(link).catch(() => { location.href = link.href })
  })
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && !aside.hidden) close() })
}

// Offsets count Unicode code points, as everywhere in Renvoi; strings here count UTF-16 units.
/** Where each line starts. @param {string[]} lines @param {number} first */
function offsets(lines, first) {
  let at = first
  return lines.map(line => {
    const own = at
    at += Array.from(line).length + 1
    return own
  })
}

/** @param {string} words @param {number} offset @param {number} start @param {number} end */
function line(words, offset, start, end) {
  const all = Array.from(words), from = Math.max(0, start - offset), to = Math.min(all.length, end - offset)
  const out = node("li")
  if (from < to) {
    out.className = "vise"
    out.append(all.slice(0, from).join(""), node("mark", all.slice(from, to).join("")), all.slice(to).join(""))
  } else out.append(words)
  return out
}

/** The words between two offsets. @param {string[]} lines @param {number} first @param {number} start @param {number} end */
const marked = (lines, first, start, end) => Array.from(lines.join("\n")).slice(start - first, end - first).join("")

/** @param {string} words */
async function digest(words) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words))
  return [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, "0")).join("")
}
