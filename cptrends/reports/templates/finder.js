(function () {
  var box = document.getElementById("find");
  var items = Array.prototype.slice.call(document.querySelectorAll("#list li"));
  var found = document.getElementById("found");
  var plain = function (text) { return text.toLowerCase().replace(/&/g, "and").replace(/[^a-z0-9]+/g, " ").trim(); };
  var matching = function () { return items.filter(function (item) { return !item.hidden; }); };
  box.addEventListener("input", function () {
    var word = plain(box.value);
    items.forEach(function (item) { item.hidden = plain(item.textContent).indexOf(word) < 0; });
    var left = matching().length;
    found.textContent = left === 1 ? "1 authority: press Enter to open its page" : left + " authorities";
  });
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    var left = matching();
    if (left.length) { left[0].querySelector("a").click(); }
  });
})();
