// A link may lead to a row inside something folded: unfold it, then go there.
function unfold() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  for (let box = place.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  place.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
