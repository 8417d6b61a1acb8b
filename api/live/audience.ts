import type { Screen } from './screen.ts';

/** Which screens asked for what. */
export type Audience = {
  /** Sorts the screen by what it now asks for. */
  readonly enter: (screen: Screen) => void;
  readonly leave: (screen: Screen) => void;
  readonly ofUnit: (unit: string) => ReadonlySet<Screen> | undefined;
  /** Those that want the waves of a bed. */
  readonly ofBed: (bed: string) => ReadonlySet<Screen> | undefined;
};

type Index = Map<string, Set<Screen>>;

const enter = (index: Index, key: string, screen: Screen): void => {
  const entries = index.get(key) ?? new Set();
  index.set(key, entries.add(screen));
};

const leave = (index: Index, key: string, screen: Screen): void => {
  const entries = index.get(key);
  entries?.delete(screen);
  if (entries?.size === 0) index.delete(key);
};

export const createAudience = (): Audience => {
  const byUnit: Index = new Map();
  const byBed: Index = new Map();
  return {
    enter(screen) {
      for (const unit of screen.units()) enter(byUnit, unit, screen);
      for (const bed of screen.beds()) enter(byBed, bed, screen);
    },
    leave(screen) {
      for (const unit of screen.units()) leave(byUnit, unit, screen);
      for (const bed of screen.beds()) leave(byBed, bed, screen);
    },
    ofUnit: (unit) => byUnit.get(unit),
    ofBed: (bed) => byBed.get(bed),
  };
};
