// On a page that only leads to another: go there, to the same part of it.
addEventListener("DOMContentLoaded", () => {
  const onward = document.getElementById("suite")
  location.replace(onward.href.includes("#") || !location.hash ? onward.href : onward.href + location.hash)
})
