import { computed, type ReadonlySignal } from '@preact/signals';
import type { Board } from '../wall/board.ts';
import type { Pager } from '../wall/pager.ts';
import { hold, type Selection, type Walkable, type WalkKey, walk } from './alarms/selection.ts';
import { bedOf, type Chosen } from './alarms/verbs.ts';
import type { PageClock } from './clock.ts';
import { createLapsing } from './lapsing.ts';

/**
 * A choice is dropped when nobody acts on it: hours later, a key would answer what the person who presses it has not
 * read.
 */
const CHOICE_MS = 60_000;

/** The list of all alarms takes room from the beds: one that nobody uses is put away. */
const LIST_MS = 60_000;

/** In a list no line has another beside it. */
const IN_LIST: Readonly<Record<WalkKey, WalkKey>> = {
  ArrowLeft: 'ArrowLeft',
  ArrowRight: 'ArrowRight',
  ArrowUp: 'ArrowLeft',
  ArrowDown: 'ArrowRight',
  Escape: 'Escape',
};

type Deps = {
  readonly board: Pick<Board, 'beds' | 'banner'>;
  readonly pager: Pick<Pager, 'grid' | 'show'>;
  readonly isOperator: ReadonlySignal<boolean>;
  readonly clock: Pick<PageClock, 'after'>;
};

/** Which alarm or bed is chosen, and whether the list of all alarms is open to choose from. */
export const createChoice = ({ board, pager, isOperator, clock }: Deps) => {
  const chosen = createLapsing<Selection>(null, CHOICE_MS, clock);
  const list = createLapsing(false, LIST_MS, clock);

  const walkable = (): Walkable => {
    const beds = board.beds.value.map(({ id }) => id);
    const { items, lines } = board.banner.value;
    return { alarms: list.value.value ? items : lines, beds, columns: pager.grid.value.columns };
  };

  /** The choice, as far as it is still there. */
  const selection = computed(() => (isOperator.value ? hold(chosen.value.value, walkable()) : null));

  const choose = (next: Selection): void => {
    chosen.set(next);
    if (list.value.peek()) list.set(true);
    if (next) pager.show(bedOf(next));
  };

  return {
    selection,
    isListOpen: list.value,
    openList: list.set,
    /** Choosing the same again drops the choice. */
    select(next: Chosen): void {
      const held = selection.peek();
      choose(held?.kind === next.kind && held.id === next.id ? null : next);
    },
    walk(key: WalkKey): void {
      choose(walk(selection.peek(), list.value.peek() ? IN_LIST[key] : key, walkable()));
    },
  };
};
