// In front of the theme's search worker, whose file is named in the query. The theme looks for the beginnings of words,
// as they are written; here they are compared without accents, elisions, plural marks, and article numbers stay whole.
// "reversion" finds "réversion", "penalités" finds "pénalité", "D. 253-81" and "D 253-81" find "D253-81".

const fold = word => word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").replace(/æ/g, "ae")
const NUMBER = /\b(lo|[lrda])\s*\.?\s*\*?\s*(\d[\d-]*\w*)/g
const ELISION = /\b(?:qu|[cdjlmnst])['’]/g
const PUNCTUATION = /[,;:.()[\]«»“”'’/·#]+/g
const PLURAL = /\b([a-z]{5,}?)(?:es|s|x|e)\b/g

const asked = words =>
  fold(words).replace(ELISION, " ").replace(NUMBER, "$1$2 $2").replace(PUNCTUATION, " ").replace(PLURAL, "$1")

addEventListener("message", ({ data }) => {
  if (data.type === 2) data.data = asked(data.data)
})

importScripts(location.search.slice(1))

lunr.QueryLexer.termSeparator = /\s+/
const folded = token => token.update(fold)
lunr.Pipeline.registerFunction(folded, "renvoi-fold")
const use = lunr.Builder.prototype.use
lunr.Builder.prototype.use = function (language, ...more) {
  use.call(this, language, ...more)
  this.pipeline.after(language.stopWordFilter, folded)
}
