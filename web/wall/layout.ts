/** How a ward is laid out on a screen. Pixels are CSS pixels. */

export type Grid = { readonly columns: number; readonly rows: number };

/** Waves beside numbers want a tile about twice as wide as it is high. */
const TILE_ASPECT = 1.9;

/** On one page, where the screen is large enough. */
const MAX_ON_PAGE = 64;

/** Below this a tile in a grid cannot be read. */
const MIN_TILE_WIDTH = 200;

/** One tile below the other, and the page scrolls. `shell/styles/page.css` has the same figures. */
const NARROW_WIDTH = 700;
const NARROW_HEIGHT = 480;

const isNarrow = (width: number, height: number): boolean => width < NARROW_WIDTH || height < NARROW_HEIGHT;

const largestTiles = (count: number, width: number, height: number): Grid => {
  let best = { columns: 1, rows: count, size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / TILE_ASPECT, height / rows);
    if (size > best.size) best = { columns, rows, size };
  }
  return { columns: best.columns, rows: best.rows };
};

/** How many beds a page has room for. */
export const capacityOf = (width: number, height: number): number => {
  if (isNarrow(width, height)) return MAX_ON_PAGE;
  const fits = (count: number): boolean => width / largestTiles(count, width, height).columns >= MIN_TILE_WIDTH;
  let count = MAX_ON_PAGE;
  while (count > 1 && !fits(count)) count -= 1;
  return count;
};

/** The grid with the largest tiles of a readable shape. `rows` is 0 when the page is to scroll instead. */
export const gridFor = (count: number, width: number, height: number): Grid => {
  if (count === 0) return { columns: 1, rows: 1 };
  if (isNarrow(width, height)) return { columns: Math.max(1, Math.floor(width / NARROW_WIDTH)), rows: 0 };
  return largestTiles(count, width, height);
};
