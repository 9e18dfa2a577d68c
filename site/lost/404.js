
// Where the site stands is not known here: the last page that was read left it, else the folders above are tried.
(async () => {
  const steps = location.pathname.split("/").slice(1)
  const all = steps.map((_, n) => "/" + steps.slice(0, n).map(s => s + "/").join(""))
  let kept = null
  try { kept = localStorage.getItem("renvoi.racine") } catch {}
  const roots = kept && location.pathname.startsWith(kept) ? [kept, ...all] : all
  const get = async url => { const answer = await fetch(url); return answer.ok ? answer.json().catch(() => null) : null }
  let root = null, index = null
  for (const each of roots) if ((index = await get(each + "recherche/index.json"))) { root = each; break }
  if (!root) return
  document.getElementById("accueil").href = root
  const path = decodeURIComponent(location.pathname).slice(root.length).replace(/\/+$/, "")
  const dated = path.match(/^(.+)\/(\d{4}-\d\d-\d\d)$/), name = dated ? dated[1] : path
  const digest = key => { let n = 0; for (const c of key) n = (Math.imul(n, 31) + c.codePointAt(0)) >>> 0; return n % index.numeros }
  const fold = words => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/’/g, "'")
  const known = await get(`${root}recherche/numeros/${digest(fold(name))}.json`)
  const entry = known && Object.hasOwn(known, fold(name)) && known[fold(name)][0]
  if (!entry) return
  const [page, anchor] = entry[0].split("#")
  const target = root + page + (dated && !page.startsWith("connus/") && !page.includes("?") ? `?le=${dated[2]}` : "") + (anchor ? `#${anchor}` : location.hash)
  if (new URL(target, location).pathname !== location.pathname) location.replace(target)
})()
