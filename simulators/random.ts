/** Seeded randomness: the same seed gives the same numbers on every machine. Not for secrets. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  readonly between: (min: number, max: number) => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** An independent stream: drawing from it does not shift this one, so that parts can be switched on and off. */
  readonly fork: (name: string) => Random;
};

/** FNV-1a over the text, mixed with the seed. */
const hash = (seed: number, text: string): number => {
  let value = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
};

/** The mulberry32 generator: 32 bits of state, a period of 2^32, ample for a simulated day. */
export const createRandom = (seed: number): Random => {
  let state = hash(seed, 'wardwatch');
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (min, max) => min + (max - min) * next(),
    // Box and Muller; 1 - next() keeps the logarithm from zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    fork: (name) => createRandom(hash(seed, name)),
  };
};
