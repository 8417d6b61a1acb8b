/** How a ward is laid out on a screen. Pixels are CSS pixels. */

export type Grid = { readonly columns: number; readonly rows: number };

/** Waves beside numbers want a tile about twice as wide as it is high. */
const TILE_ASPECT = 1.9;

/** Fitted to the screen up to here; beyond, rows keep the height of this many and the page scrolls. */
const MAX_FITTED = 64;

/** Below this a tile in a grid cannot be read: one column that scrolls. */
const MIN_TILE_WIDTH = 200;
const NARROW_SCREEN = 700;

const largestTiles = (count: number, width: number, height: number): Grid => {
  let best = { columns: 1, rows: count, size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / TILE_ASPECT, height / rows);
    if (size > best.size) best = { columns, rows, size };
  }
  return { columns: best.columns, rows: best.rows };
};

/** The grid with the largest tiles of a readable shape. `rows` is 0 when the page is to scroll instead. */
export const gridFor = (count: number, width: number, height: number): Grid => {
  if (count === 0) return { columns: 1, rows: 1 };
  const grid = largestTiles(Math.min(count, MAX_FITTED), width, height);
  const scrolls = width < NARROW_SCREEN || width / grid.columns < MIN_TILE_WIDTH;
  return scrolls ? { columns: Math.max(1, Math.floor(width / NARROW_SCREEN)), rows: 0 } : grid;
};
