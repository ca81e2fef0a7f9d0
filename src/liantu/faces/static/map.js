// The chain map under the arrow keys: up and down along a column, left and right across.
const map = document.querySelector(".chain-map");
const rows = map ? [...map.querySelectorAll("a")] : [];

const at = (link) => {
  const box = link.getBoundingClientRect();
  return { x: box.left, y: box.top };
};

// The nearest link in a direction; one step counts four times as much across it as along it.
const nearest = (from, key) => {
  const here = at(from);
  const upright = key === "ArrowUp" || key === "ArrowDown";
  const sign = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
  let best = null;
  let least = Infinity;
  for (const link of rows) {
    const there = at(link);
    const dx = there.x - here.x;
    const dy = there.y - here.y;
    const along = sign * (upright ? dy : dx);
    const across = Math.abs(upright ? dx : dy);
    if (along < 4) continue;
    const distance = along + 4 * across;
    if (distance < least) [best, least] = [link, distance];
  }
  return best;
};

map?.addEventListener("keydown", (event) => {
  const from = event.target.closest("a");
  if (!from) return;
  if (event.key.startsWith("Arrow")) {
    const next = nearest(from, event.key);
    if (!next) return;
    event.preventDefault();
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === "Escape") {
    document.querySelector(".map .clear")?.click();
  }
});
