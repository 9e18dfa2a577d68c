// The day that is read: in the address (?le=1997-05-01), kept through every link that names none of its own.

/** The root of the site. */
export const ROOT = new URL("..", import.meta.url)

/** The day of an address, where it is one.
 * @param {URL | Location} address @returns {string | null} */
export const dayOf = address => {
  const day = new URLSearchParams(address.search).get("le")
  return day && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
}

/** The day that is asked, or null. */
export const asked = () => dayOf(location)

const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]

/** A day as jurists say it. @param {string} iso */
export const said = iso => {
  const [year, month, day] = iso.split("-").map(Number)
  return `${day === 1 ? "1er" : day} ${MONTHS[month - 1]} ${year}`
}

/** Whether *day* is in one of the intervals of `data-tenu`: "1985-12-21/1993-09-01 1994-01-01/"; nothing known is always.
 * @param {string} spans @param {string} day */
export const holds = (spans, day) => !spans || spans.split(" ").some(span => {
  const [start, end] = span.split("/")
  return start <= day && (!end || day < end)
})

/** An element with its text; nothing of it is ever read as markup.
 * @param {string} name @param {string} text @param {Record<string, string>} [attributes] @returns {HTMLElement} */
export const node = (name, text = "", attributes = {}) => {
  const made = document.createElement(name)
  made.textContent = text
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

/** Whether a link stays on the site and names no day. @param {HTMLAnchorElement} link */
const timeless = link => link.href.startsWith(ROOT.href) && !link.getAttribute("href")?.startsWith("#") && !new URL(link.href).searchParams.has("le")

/** Every link goes on at the day that is read. */
export function keep() {
  try { localStorage.setItem("renvoi.racine", ROOT.pathname) } catch { /* no storage: only the page for wrong addresses has a use for it */ }
  const day = asked()
  if (!day) return
  /** @param {HTMLAnchorElement} link */
  const carry = link => {
    const to = new URL(link.href)
    to.searchParams.set("le", day)
    link.href = to.href
  }
  for (const link of document.links) if (link instanceof HTMLAnchorElement && timeless(link)) carry(link)
  for (const event of ["pointerdown", "focusin", "click"]) document.addEventListener(event, ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null
    if (link && timeless(link)) carry(link)
  }, { capture: true })
}

/** The field of the header. */
export function picker() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".jour-choisi"))
  const field = form?.querySelector("input")
  if (!form || !field) return
  const day = asked()
  if (day) {
    field.value = day
    const back = node("a", "×", { href: location.pathname + location.hash, title: "Revenir au dernier jour connu", "aria-label": "Revenir au dernier jour connu" })
    back.addEventListener("click", event => { event.preventDefault(); go(null) })
    form.append(back)
  }
  const go = (/** @type {string | null} */ to) => {
    const url = new URL(location.href)
    if (to) url.searchParams.set("le", to)
    else url.searchParams.delete("le")
    location.assign(url)
  }
  form.addEventListener("submit", event => { event.preventDefault(); go(field.value || null) })
  field.addEventListener("change", () => { if (!field.value || field.value >= "1539") field.dataset.pret = "1" })
  field.addEventListener("blur", () => { if (field.dataset.pret && field.value !== (day ?? "")) go(field.value || null) })
  field.addEventListener("keydown", ({ key }) => { if (key === "Enter") go(field.value || null) })
}
