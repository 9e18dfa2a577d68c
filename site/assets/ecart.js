// What changed between two versions, word by word: alinéas that both have are the same, what stands between them is compared.

/** @typedef {import("./texte.js").Data} Data @typedef {import("./texte.js").Version} Version
 *  @typedef {["same" | "gone" | "new", string]} Run */

/** The longest common subsequence of two lists, as pairs of indexes. @template T @param {T[]} a @param {T[]} b @returns {[number, number][]} */
export function common(a, b) {
  let start = 0, endA = a.length, endB = b.length
  while (start < endA && start < endB && a[start] === b[start]) start++
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB-- }
  const rows = endA - start, columns = endB - start, width = columns + 1
  /** @type {[number, number][]} */
  const found = Array.from({ length: start }, (_, n) => [n, n])
  if (rows * columns <= 4e6) {
    const length = new Uint16Array((rows + 1) * width)
    for (let i = rows - 1; i >= 0; i--) for (let j = columns - 1; j >= 0; j--) {
      length[i * width + j] = a[start + i] === b[start + j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1])
    }
    for (let i = 0, j = 0; i < rows && j < columns;) {
      if (a[start + i] === b[start + j]) found.push([start + i++, start + j++])
      else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i++
      else j++
    }
  }
  for (let n = 0; n < a.length - endA; n++) found.push([endA + n, endB + n])
  return found
}

/** Runs that are the same, gone and new. @param {string} one @param {string} two @returns {Run[]} */
export function runs(one, two) {
  const cut = (/** @type {string} */ text) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []
  const a = cut(one), b = cut(two)
  /** @type {Run[]} */
  const out = []
  const push = (/** @type {Run[0]} */ op, /** @type {string} */ words) => {
    if (!words) return
    const last = out.at(-1)
    if (last && last[0] === op) last[1] += words
    else out.push([op, words])
  }
  let i = 0, j = 0
  for (const [x, y] of [...common(a, b), [a.length, b.length]]) {
    push("gone", a.slice(i, x).join(""))
    push("new", b.slice(j, y).join(""))
    if (x < a.length) push("same", a[x])
    i = x + 1
    j = y + 1
  }
  return out
}

/** The alinéas of two versions side by side: what both have, what is gone, new, or changed word by word.
 * @param {Data} data @param {Version} one @param {Version} two @returns {{whole: string, runs: Run[]}[]} */
export function changes(data, one, two) {
  const text = (/** @type {number} */ n) => data.alineas[n].t.replace(/\s+/g, " ").trim()
  const said = (/** @type {Version} */ v) => (v.al ?? []).filter(n => !data.alineas[n].k || data.alineas[n].k === "nota").map(text)
  const a = said(one), b = said(two)
  /** @type {{whole: string, runs: Run[]}[]} */
  const out = []
  let i = 0, j = 0
  for (const [x, y] of [...common(a, b), [a.length, b.length]]) {
    while (i < x && j < y) out.push({ whole: "", runs: runs(a[i++], b[j++]) })
    while (i < x) out.push({ whole: "ote", runs: [["gone", a[i++]]] })
    while (j < y) out.push({ whole: "mis", runs: [["new", b[j++]]] })
    if (x < a.length) out.push({ whole: "", runs: [["same", a[x]]] })
    i = x + 1
    j = y + 1
  }
  return out
}
