// The search, in the place of the theme's worker: it speaks to the theme's box (messages 0 to 3) and reads our index by the piece.
// Numbers first: any writing of an article, an act or an official id is looked up, not guessed. Then words: all of them, by stems.

/** @typedef {{documents: number, par: number, numeros: number, premiers: string[], finales: string[], vides: string[]}} Directory
 *  @typedef {[string, string, string, string]} Entry  address, title, what is said of it, its first words
 *  @typedef {{address: string, title: string, text: string, score: number}} Hit */

const ROOT = new URL("../../../", self.location.href)
const SHOWN = 12
/** @type {Map<string, Promise<any>>} */
const read = new Map()

/** @param {string} path @returns {Promise<any>} */
const get = path => {
  if (!read.has(path)) read.set(path, fetch(new URL(path, ROOT)).then(answer => (answer.ok ? answer.json() : {})))
  return /** @type {Promise<any>} */ (read.get(path))
}
/** @returns {Promise<Directory>} */
const directory = () => get("recherche/index.json")

// -- words as the index knows them: kb/show/pages/finder.py, word for word -----------------------------------------

const fold = (/** @type {string} */ words) => words.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/’/g, "'").normalize("NFD").replace(/\p{M}/gu, "")
const dashes = (/** @type {string} */ words) => words.replace(/[‐‑‒–—−]/g, "-")
const grouped = (/** @type {string} */ words) => words.replace(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?![\p{L}\p{N}_]))/gu, "")
const NUMBER = /(?<![\p{L}\p{N}_])(lo|[lrda])\s?\.?\s?\*?\s?(\d+(?:-\d+)*)/gu
const TOKEN = /(?:lo|[lrda])?\d+(?:-\d+)+[a-z]*|[a-z0-9]+/g

/** @param {string} word @param {Directory} by */
function stem(word, by) {
  if (!/^[a-z]+$/.test(word)) return word
  for (let cut; (cut = by.finales.find(ending => word.endsWith(ending) && word.length - ending.length >= 4));) word = word.slice(0, -cut.length)
  return word
}

/** @param {string} text @param {Directory} by */
const tokens = (text, by) => (fold(grouped(dashes(text))).replace(NUMBER, "$1$2").match(TOKEN) ?? []).filter(word => !by.vides.includes(word)).map(word => stem(word, by))

// -- numbers ------------------------------------------------------------------------------------------------------

/** @param {string} key @param {Directory} by */
function digest(key, by) {
  let found = 0
  for (const character of key) found = (Math.imul(found, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return found % by.numeros
}

const SUFFIX = "bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies|undecies|duodecies|terdecies|quaterdecies|quindecies|sexdecies|[a-z]{1,2}"
const MONTHS = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"]
const DATE = new RegExp(`\\b(\\d{1,2})(?:er)? (${MONTHS.join("|")}) (\\d{4})\\b`)
const NATURE = /\b(loi|ordonnance|decret|arrete|circulaire|instruction|lettre|decision|deliberation|convention|accord)\b/
const WRITTEN = [
  /\b(?:legi|jorf)(?:arti|text|scta)\d{12}\b/g,
  /\b[a-z]{4}\d{7}[a-z]\b/g,
  new RegExp(`(?<![a-z0-9])(?:lo|[lrda])[\\s.*]*\\d+(?:\\s*-\\s*\\d+)*(?:[\\s-]*(?:${SUFFIX})(?![a-z0-9']))*`, "g"),
  new RegExp(`(?<![a-z0-9-])\\d+(?:-\\d+)*(?:\\s?(?:${SUFFIX})(?![a-z0-9']))?`, "g"),
]
const FILLER = /\b(?:articles?|art|n|no|numero|nº|du|de|la|le|des|l|d|code|loi|decret|arrete|ordonnance|circulaire|en|date)\b|[°º'.,;:()«»"*-]/g

/** The numbers that are written in a question, each in the spellings under which it may be known; and what else is asked.
 * @param {string} asked @returns {{keys: string[], rest: string[]} | null} */
function numbers(asked) {
  const folded = fold(dashes(grouped(asked))).trim()
  if (/^[a-z][a-z-]*\/\S+$/.test(folded)) return { keys: [folded.replace(/@.*|#.*/, "")], rest: [] }
  const date = folded.match(DATE)
  const dated = date && `${date[3]}-${String(MONTHS.indexOf(date[2]) + 1).padStart(2, "0")}-${date[1].padStart(2, "0")}`
  const nature = folded.match(NATURE)?.[0]
  const annex = folded.match(/(?<![a-z])(?:annexe|tableau|etat).*/)?.[0]
  if (annex) {
    const close = annex.replace(/\b(?:du|de la) code\b.*|\bcss$/, "").replace(/[^a-z0-9]/g, "")
    return { keys: [...new Set([close, annex.trim()])], rest: [] }
  }
  for (const form of WRITTEN) {
    const found = folded.replace(DATE, " ").match(form)?.[0]
    if (!found) continue
    const close = found.replace(/[\s.*]/g, ""), bare = close.replace(new RegExp(`-?(?:${SUFFIX})$`), "")
    const rest = folded.replace(DATE, " ").replace(found, " ").replace(FILLER, " ").split(/\s+/).filter(Boolean)
    if (dated) rest.push(dated)
    if (nature && /^\d/.test(close)) rest.push(`${nature}/`)
    return { keys: [...new Set([close, close.replace(/-(?=[a-z])/g, ""), bare])], rest }
  }
  if (dated) return { keys: nature ? [`${nature}/${dated}`] : [dated], rest: [] }
  return null
}

/** @param {string} asked @param {Directory} by @returns {Promise<Hit[]>} */
async function byNumber(asked, by) {
  const wanted = numbers(asked)
  if (!wanted) return []
  for (const key of wanted.keys) {
    const file = await get(`recherche/numeros/${digest(key, by)}.json`)
    if (!Object.hasOwn(file, key)) continue
    /** @type {[string, string, string, number][]} */
    const entries = file[key]
    const said = entries.map(entry => ({ entry, fold: fold(`${entry[1]} ${entry[0]}`) })).map(({ entry, fold: words }) => ({ entry, near: wanted.rest.filter(word => words.includes(word)).length }))
    const most = Math.max(...said.map(({ near }) => near))
    // a bare number with words of its own ("100 F", "17 mars 1997") is no name
    if (wanted.rest.length && most === 0 && !/^[a-z]/.test(key)) return []
    return said.filter(({ near }) => near === most || most === 0).map(({ entry: [address, title, text, rank] }, n) => ({ address, title, text, score: 1e6 + rank * 100 - n }))
  }
  return []
}

// -- words --------------------------------------------------------------------------------------------------------

/** The file that may hold a word. @param {string} word @param {Directory} by */
function shard(word, by) {
  let low = 0, high = by.premiers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (by.premiers[middle] <= word) low = middle
    else high = middle - 1
  }
  return low
}

/** How many letters two words differ by, if not more than *most*. @param {string} a @param {string} b @param {number} most */
function apart(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) row.push(Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    if (Math.min(...row) > most) return most + 1
    before = row
  }
  return before[b.length]
}

/** The documents of a word: number -> weight. @param {string} word @param {boolean} open still being typed @param {Directory} by */
async function documents(word, open, by) {
  const at = shard(word, by)
  const file = await get(`recherche/mots/${at}.json`)
  let names = Object.hasOwn(file, word) ? [word] : []
  if (open && word.length > 2) names = [...new Set([...names, ...Object.keys(file).filter(name => name.startsWith(word)).slice(0, 40)])]
  // an ending that is half typed is cut off: "insolvabilit" is on its way to what is kept as "insolvabil"
  if (open && !names.length) names = Object.keys(file).filter(name => name.length > 3 && word.startsWith(name) && word.length - name.length < 6).sort((a, b) => b.length - a.length).slice(0, 1)
  if (!names.length && word.length > 4) {
    const around = { ...(await get(`recherche/mots/${Math.max(0, at - 1)}.json`)), ...file, ...(at + 1 < by.premiers.length ? await get(`recherche/mots/${at + 1}.json`) : {}) }
    for (let most = 1; most <= (word.length > 7 ? 2 : 1) && !names.length; most++) names = Object.keys(around).filter(name => [word.length, ...(open ? [name.length, name.length + 1] : [])].some(cut => apart(name, word.slice(0, cut), most) <= most && name.length > 3))
    Object.assign(file, Object.fromEntries(names.map(name => [name, around[name]])))
  }
  /** @type {Map<number, number>} */
  const found = new Map()
  for (const name of names) {
    let sum = 0
    for (const step of file[name]) {
      sum += step
      const number = sum >> 2, weight = 1 + (sum & 2 ? 2 : 0) + (sum & 1 ? 0.5 : 0) + (name === word ? 0.2 : 0)
      found.set(number, Math.max(found.get(number) ?? 0, weight))
    }
  }
  return found
}

/** @param {number} number @param {Directory} by @returns {Promise<Entry>} */
const document = async (number, by) => (await get(`recherche/documents/${Math.floor(number / by.par)}.json`)).d[number % by.par]

/** The alinéas of a document. @param {string} address @returns {Promise<string[]>} */
async function alineas(address) {
  const path = address.split(/[?#]/)[0]
  const data = path.startsWith("connus/") || path.startsWith("regles/") ? {} : await get(`${path}texte.json`).catch(() => ({}))
  return (data.alineas ?? []).map((/** @type {{t: string}} */ a) => a.t.replace(/\s+/g, " "))
}

/** @param {string} asked @param {Directory} by @returns {Promise<Hit[]>} */
async function byWords(asked, by) {
  const phrases = [...asked.matchAll(/["«“]\s*([^"»”]+?)\s*["»”]/g)].map(found => fold(found[1]).replace(/\s+/g, " "))
  const plain = asked.replace(/["«»“”]/g, " ")
  const words = [...new Set(tokens(plain, by))]
  if (!words.length) return []
  const open = /[\p{L}\p{N}]$/u.test(plain.trimEnd()) && !phrases.length
  const lists = await Promise.all(words.map((word, n) => documents(word, open && n === words.length - 1, by)))
  const weights = lists.map(list => Math.log(1 + by.documents / (list.size || 1)))
  const [least, ...others] = lists.map((list, n) => ({ list, weight: weights[n] })).sort((a, b) => a.list.size - b.list.size)
  /** @type {[number, number][]} */
  const scored = []
  for (const [number, own] of least.list) {
    let score = own * least.weight
    for (const { list, weight } of others) {
      const there = list.get(number)
      if (there === undefined) { score = -1; break }
      score += there * weight
    }
    if (score >= 0) scored.push([number, score])
  }
  scored.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  /** @type {Hit[]} */
  const hits = []
  for (const [number, score] of scored.slice(0, phrases.length ? 60 : SHOWN)) {
    const [address, title, said, first] = await document(number, by)
    let text = first
    if (phrases.length || hits.length < 4) {
      const all = await alineas(address)
      const told = [title, ...(all.length ? all : [first])]
      if (phrases.some(phrase => !told.some(t => fold(t).replace(/\s+/g, " ").includes(phrase)))) continue
      text = excerpt(told, phrases, words, by) || first
    }
    hits.push({ address, title, text: [said, text].filter(Boolean).join(" — "), score })
    if (hits.length >= SHOWN) break
  }
  return hits
}

/** The stretch where most words stand. @param {string[]} told @param {string[]} phrases @param {string[]} words @param {Directory} by */
function excerpt(told, phrases, words, by) {
  let best = "", most = 0
  for (const text of told) {
    const there = phrases.filter(phrase => fold(text).includes(phrase)).length * 10 + words.filter(word => tokens(text, by).some(token => token.startsWith(word))).length
    if (there > most) [best, most] = [text, there]
  }
  if (best.length <= 240) return best
  const pieces = [...best.matchAll(/\S+/g)]
  const at = pieces.find(found => tokens(found[0], by).some(token => words.some(word => token.startsWith(word))))?.index ?? 0
  const start = Math.max(0, best.lastIndexOf(" ", Math.max(0, at - 60)) + 1)
  return `${start ? "… " : ""}${best.slice(start, start + 230).replace(/\s\S*$/, "")} …`
}

// -- the theme's box ----------------------------------------------------------------------------------------------

const CODES = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })
const escaped = (/** @type {string} */ words) => words.replace(/[&<>"']/g, character => CODES[character])

/** What the theme shows: it takes titles and texts as markup, so that they are escaped here. @param {Hit} hit */
const item = ({ address, title, text, score }) => [{ location: address, title: escaped(title), text: text && `<p>${escaped(text)}</p>`, score, terms: {} }]

let last = 0
addEventListener("message", async ({ data }) => {
  if (data.type === 0) {
    postMessage({ type: 1 })
    await directory()
  } else if (data.type === 2) {
    const own = ++last
    const asked = String(data.data ?? "").trim()
    const by = await directory()
    const exact = asked ? await byNumber(asked, by) : []
    const words = asked && exact.length < SHOWN ? await byWords(asked, by) : []
    if (own !== last) return
    const seen = new Set(exact.map(hit => hit.address.split(/[?#]/)[0]))
    const hits = [...exact, ...words.filter(hit => !seen.has(hit.address))].slice(0, SHOWN + 8)
    postMessage({ type: 3, data: { items: hits.map(item), suggest: [] } })
  }
})
