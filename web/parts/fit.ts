/**
 * How wide a text is, as a multiple of its font size, so that a style sheet can choose a size at which all of it fits:
 * a name or a number that is cut off can be read as another.
 */

const PROBE_PX = 100;
const MOST_KEPT = 4_000;

const kept = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;

const probe = (): CanvasRenderingContext2D | null => {
  if (context !== undefined) return context;
  context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `bold ${PROBE_PX}px ${getComputedStyle(document.documentElement).fontFamily}`;
  return context;
};

/** The text is measured in bold, the widest that is written. */
export const emsOf = (text: string): number => {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const ems = (probe()?.measureText(text).width ?? PROBE_PX * text.length) / PROBE_PX;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(text, ems);
  return ems;
};
