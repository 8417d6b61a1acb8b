/** An alarm as a person has read it. `bed` null: of the station. */
type ReadAlarm = { readonly id: string; readonly bed: string | null; readonly condition: string };

/** What the keys and buttons act on. It holds on to an alarm or a bed and not to a place: lists move under a hand. */
export type Selection = ({ readonly kind: 'alarm' } & ReadAlarm) | { readonly kind: 'bed'; readonly id: string } | null;

/** What is on the screen to be walked over. */
export type Walkable = {
  readonly alarms: readonly ReadAlarm[];
  readonly beds: readonly string[];
  /** How many columns the grid of beds has. */
  readonly columns: number;
};

export const WALK_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Escape'] as const;
export type WalkKey = (typeof WALK_KEYS)[number];

export const isWalkKey = (key: string): key is WalkKey => WALK_KEYS.some((each) => each === key);

export const ofItem = ({ id, bed, condition }: ReadAlarm): NonNullable<Selection> => ({
  kind: 'alarm',
  id,
  bed,
  condition,
});

const alarmAt = ({ alarms }: Walkable, place: number): Selection => {
  const alarm = alarms[Math.max(0, Math.min(place, alarms.length - 1))];
  return alarm ? ofItem(alarm) : null;
};

const bedAt = ({ beds }: Walkable, place: number): Selection => {
  const id = beds[Math.max(0, Math.min(place, beds.length - 1))];
  return id === undefined ? null : { kind: 'bed', id };
};

/**
 * An alarm that is gone, or has become worse, is no longer selected, and no other takes its place, because nobody has
 * read that one.
 */
export const hold = (selection: Selection, { alarms, beds }: Walkable): Selection => {
  if (selection?.kind === 'alarm') {
    const { id, condition } = selection;
    return alarms.some((alarm) => alarm.id === id && alarm.condition === condition) ? selection : null;
  }
  if (selection?.kind === 'bed') return beds.includes(selection.id) ? selection : null;
  return null;
};

const ofAlarm = (place: number, bed: string | null, on: Walkable): Readonly<Record<WalkKey, () => Selection>> => ({
  ArrowLeft: () => alarmAt(on, place - 1),
  ArrowRight: () => alarmAt(on, place + 1),
  ArrowUp: () => alarmAt(on, place),
  ArrowDown: () => bedAt(on, bed === null ? 0 : on.beds.indexOf(bed)),
  Escape: () => null,
});

const ofBed = (place: number, on: Walkable): Readonly<Record<WalkKey, () => Selection>> => {
  const above = place - on.columns;
  const below = place + on.columns;
  return {
    ArrowLeft: () => bedAt(on, place - 1),
    ArrowRight: () => bedAt(on, place + 1),
    ArrowUp: () => (above >= 0 ? bedAt(on, above) : (alarmAt(on, 0) ?? bedAt(on, place))),
    ArrowDown: () => bedAt(on, below < on.beds.length ? below : place),
    Escape: () => null,
  };
};

const anew = (on: Walkable): Readonly<Record<WalkKey, () => Selection>> => {
  const first = (): Selection => alarmAt(on, 0) ?? bedAt(on, 0);
  return { ArrowLeft: first, ArrowRight: first, ArrowUp: first, ArrowDown: first, Escape: () => null };
};

/** Where a key leads from here. */
export const walk = (selection: Selection, key: WalkKey, on: Walkable): Selection => {
  const held = hold(selection, on);
  if (held?.kind === 'alarm') {
    return ofAlarm(
      on.alarms.findIndex(({ id }) => id === held.id),
      held.bed,
      on,
    )[key]();
  }
  if (held?.kind === 'bed') return ofBed(on.beds.indexOf(held.id), on)[key]();
  return anew(on)[key]();
};
