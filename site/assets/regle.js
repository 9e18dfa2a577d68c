// The simulator of a rule, without a server: the conditions of the knowledge base, three-valued, told with what they saw.
// It knows few forms; a rule with another one says "non couvert" and gives no answer (kb/show/pages/simulator.py).
import { node } from "./jour.js"

/** @typedef {any[]} Tree  a form and its parts
 *  @typedef {{nom: string, genre: string, choix: string[], defaut?: any}} Fact
 *  @typedef {{de: string, a: string | null, si: Tree | null, calcul: boolean}} Version
 *  @typedef {{faits: Fact[], versions: Version[], non_couvert?: string}} Rule
 *  @typedef {{condition: string, holds: boolean | null}} Met
 *  @typedef {{status: string, missing: string[], because: Met[]}} Answer */

/** What cannot be known, and for want of which facts. */
class Missing { constructor(/** @type {string[]} */ names) { this.names = [...new Set(names)] } }

const lacking = (/** @type {any[]} */ values) => {
  const names = values.flatMap(value => (value instanceof Missing ? value.names : []))
  return values.some(value => value instanceof Missing) ? new Missing(names) : null
}

/** An amount in hundredths of a franc; finer ones and euros are not taken. @param {string} words */
export function amount(words) {
  const found = /^\s*(\d[\d \u00a0\u202f]*)(?:[.,](\d{1,2})0*)?\s*(?:F|FRF|francs?)?\s*$/.exec(words)
  if (!found) throw new Error(`« ${words} » n'est pas un montant en francs`)
  return BigInt(found[1].replace(/\D/g, "")) * 100n + BigInt((found[2] ?? "").padEnd(2, "0") || "0")
}

const fold = (/** @type {string} */ words) => words.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/’/g, "'").normalize("NFD").replace(/\p{M}/gu, "")

/** A fact as conditions compare it. @param {Fact} fact @param {any} value */
function known(fact, value) {
  if (value && typeof value === "object" && "F" in value) return amount(value.F)
  if (fact.genre === "montant") return amount(String(value))
  return fact.genre === "mot" ? fold(String(value)) : value
}

/** @param {Rule} rule @param {Record<string, any>} facts @param {string} day @returns {Answer} */
export function evaluate(rule, facts, day) {
  if (rule.non_couvert) return { status: "non couvert", missing: [], because: [] }
  const held = rule.versions.filter(({ de, a }) => de <= day && (a === null || day < a))
  if (!held.length) return { status: "hors_periode", missing: [], because: [] }
  if (held.length > 1) return { status: "non couvert", missing: [], because: [] }
  /** @type {Map<string, any>} */
  const values = new Map()
  for (const fact of rule.faits) {
    const given = facts[fact.nom] ?? fact.defaut
    if (given !== undefined && given !== null) values.set(fact.nom, known(fact, given))
  }
  /** @type {Met[]} */
  const because = []
  const worth = (/** @type {string} */ name) => (values.has(name) ? values.get(name) : new Missing([name]))

  /** @param {Tree} tree @returns {any} */
  const value = tree => {
    const [form, ...parts] = tree
    switch (form) {
      case "et": case "ou": return kleene(parts.map(value), form === "ou")
      case "non": { const inner = value(parts[0]); return inner instanceof Missing ? inner : !inner }
      case "dit": {
        const holds = value(parts[1])
        because.push({ condition: parts[0], holds: holds instanceof Missing ? null : holds })
        return holds
      }
      case "compare": return compare(parts[0], parts[1], parts[2])
      case "parmi": { const of = value(parts[0]); return of instanceof Missing ? of : parts.slice(1).includes(of) }
      case "fait": case "montant": return worth(parts[0])
      case "vaut": return typeof parts[0] === "object" ? amount(parts[0].F) : parts[0]
      case "plus": { const sum = parts.map(value); return lacking(sum) ?? sum[0] + sum[1] }
      case "jour": return day
      default: throw new Error(form)
    }
  }
  /** @param {any[]} seen @param {boolean} decisive */
  const kleene = (seen, decisive) => (seen.includes(decisive) ? decisive : lacking(seen) ?? !decisive)

  /** The least and the greatest that an amount may be: none is negative. @param {Tree} tree @returns {[bigint, bigint | null] | null} */
  const range = tree => {
    const [form, ...parts] = tree
    if (form === "vaut") return typeof parts[0] === "object" ? [amount(parts[0].F), amount(parts[0].F)] : null
    if (form === "montant") { const own = worth(parts[0]); return own instanceof Missing ? [0n, null] : [own, own] }
    if (form !== "plus") return null
    const one = range(parts[0]), two = range(parts[1])
    return one && two && [one[0] + two[0], one[1] === null || two[1] === null ? null : one[1] + two[1]]
  }
  /** @param {string} op @param {Tree} one @param {Tree} two */
  const compare = (op, one, two) => {
    const left = value(one), right = value(two), missing = lacking([left, right])
    if (!missing) return test(op, left, right)
    const a = range(one), b = range(two)
    if (!a || !b) return missing
    const [low, high] = a, [floor, ceiling] = b
    const under = high !== null && high < floor, upto = high !== null && high <= floor, from = ceiling !== null && low >= ceiling, over = ceiling !== null && low > ceiling
    if (op === "<") return under ? true : from ? false : missing
    if (op === "<=") return upto ? true : over ? false : missing
    if (op === ">") return over ? true : upto ? false : missing
    if (op === ">=") return from ? true : under ? false : missing
    return missing
  }
  const test = (/** @type {string} */ op, /** @type {any} */ a, /** @type {any} */ b) => (op === "<" ? a < b : op === "<=" ? a <= b : op === ">" ? a > b : op === ">=" ? a >= b : a === b)

  const holds = held[0].si === null ? true : value(held[0].si)
  if (holds instanceof Missing) return { status: "indetermine", missing: holds.names, because }
  // what is computed beside may lack a fact that the condition does not ask for: then the answer is not known here
  if (holds && held[0].calcul && rule.faits.some(({ nom }) => !values.has(nom))) return { status: "non couvert", missing: [], because }
  return { status: holds ? "applicable" : "non_applicable", missing: [], because }
}

const STATUS = /** @type {Record<string, string>} */ ({
  applicable: "La règle s'applique.", non_applicable: "La règle ne s'applique pas.", indetermine: "Indéterminé : il manque des données.",
  hors_periode: "Hors période : la règle ne vaut pas ce jour-là.", "non couvert": "Non couvert par ce simulateur.",
})

/** The form of a rule's page. */
export async function simulator() {
  const place = document.getElementById("simulateur")
  if (!place) return
  const answer = await fetch("regle.json")
  if (!answer.ok) return
  /** @type {Rule} */
  const rule = await answer.json()
  const spelt = new Map([...document.querySelectorAll("[data-fait]")].map(each => [each.getAttribute("data-fait"), each.textContent ?? ""]))
  const form = node("form", "", { class: "simulateur" }), result = node("div", "", { role: "status" })
  /** @param {string} words @param {HTMLElement} field */
  const line = (words, field) => {
    const label = node("label")
    label.append(node("span", words), field)
    form.append(label)
    return /** @type {HTMLInputElement} */ (field)
  }
  const day = line("Au jour du", node("input", "", { type: "date", value: rule.versions?.[0]?.de ?? "" }))
  const fields = (rule.faits ?? []).map(fact => {
    const choices = fact.genre === "oui ou non" ? ["oui", "non"] : fact.choix
    const field = choices.length ? node("select") : node("input", "", { type: fact.genre === "date" ? "date" : fact.genre === "entier" ? "number" : "text", ...(fact.genre === "montant" ? { inputmode: "decimal", placeholder: "0,00 F" } : {}) })
    if (choices.length) field.append(node("option", "non donné", { value: "" }), ...choices.map(choice => node("option", choice, { value: choice })))
    return { fact, field: line(spelt.get(fact.nom) ?? fact.nom, field) }
  })
  const show = () => {
    try {
      /** @type {Record<string, any>} */
      const facts = {}
      for (const { fact, field } of fields) if (field.value) facts[fact.nom] = fact.genre === "oui ou non" ? field.value === "oui" : fact.genre === "entier" ? Number(field.value) : field.value
      const { status, missing, because } = evaluate(rule, facts, day.value)
      const list = node("ul", "", { class: "liste" })
      list.append(...because.map(({ condition, holds }) => node("li", `${holds === null ? "?" : holds ? "✓" : "✗"} ${condition}`)))
      result.replaceChildren(node("p", STATUS[status] ?? status, { class: `reponse ${status}` }))
      if (missing.length) result.append(node("p", `Il manque : ${missing.map(name => spelt.get(name) ?? name).join(", ")}.`))
      if (because.length) result.append(list)
      if (status === "applicable" && rule.versions.some(({ calcul }) => calcul)) result.append(node("p", "Les effets calculés ne sont pas couverts par ce simulateur : « renvoi apply » les donne.", { class: "doux" }))
    } catch (error) {
      result.replaceChildren(node("p", error instanceof Error ? error.message : String(error), { class: "reponse" }))
    }
  }
  form.addEventListener("submit", event => { event.preventDefault(); show() })
  form.addEventListener("input", show)
  if (rule.non_couvert) place.append(node("p", `Non couvert par ce simulateur : ${rule.non_couvert}. La commande « renvoi apply » évalue cette règle.`))
  else place.append(form, result)
}
