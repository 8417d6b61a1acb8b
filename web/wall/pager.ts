import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { BedBoard, Board } from './board.ts';
import { capacityOf, type Grid, gridFor } from './layout.ts';
import { nextTurn, pagesOf, type Turn, turnBy } from './pages.ts';

/** A person who turned or held the page is reading it for this long, if they are not heard of again. */
const HELD_MS = 120_000;
const NEVER_MS = Number.NEGATIVE_INFINITY;

type Size = { readonly width: number; readonly height: number };

type Deps = {
  readonly board: Board;
  /** The size of the window, in CSS pixels. */
  readonly screen: ReadonlySignal<Size>;
  readonly turnMs: number;
  readonly monotonicMs: () => number;
};

/** Where each bed stands, as a function of the beds, the screen and the page that was turned to. */
const createPlaces = ({ board, screen }: Pick<Deps, 'board' | 'screen'>, turn: ReadonlySignal<Turn>) => {
  const pages = computed(() => pagesOf(board.beds.value, capacityOf(screen.value.width, screen.value.height)));
  const page = computed(() => Math.min(turn.value.page, pages.value.length - 1));
  const beds = computed((): readonly BedBoard[] => pages.value[page.value] ?? []);
  const grid = computed((): Grid => gridFor(beds.value.length, screen.value.width, screen.value.height));
  const pageOf = (bed: string | null): number => pages.value.findIndex((each) => each.some(({ id }) => id === bed));

  /** Pages with an alarm of high priority that nobody has answered. */
  const urgent = computed((): ReadonlySet<number> => {
    const items = board.banner.value.items.filter(
      ({ priority, tone }) => priority === 'high' && tone !== 'acknowledged',
    );
    return new Set(items.map(({ bed }) => pageOf(bed)).filter((place) => place >= 0));
  });

  return { pages, page, beds, grid, pageOf, urgent };
};

export type Pager = ReturnType<typeof createPager>;

/** Which page of the wall is shown. It turns by itself, unless a person holds it. */
export const createPager = ({ board, screen, turnMs, monotonicMs }: Deps) => {
  const turn = signal<Turn>({ page: 0, ordinary: 0 });
  const heldUntilMs = signal(NEVER_MS);
  const { pages, page, beds, grid, pageOf, urgent } = createPlaces({ board, screen }, turn);
  let turnedAtMs = monotonicMs();
  let urgentBefore: ReadonlySet<number> = new Set();

  const put = (next: Turn): void => {
    turn.value = next;
    turnedAtMs = monotonicMs();
  };

  const hold = (): void => {
    heldUntilMs.value = monotonicMs() + HELD_MS;
  };

  return {
    ...{ grid, page, pages, urgent, heldUntilMs },
    /** Beds of the page that is shown, and of the one after it. */
    beds,
    nextBeds: (): readonly BedBoard[] =>
      pages.peek()[nextTurn(turn.peek(), pages.peek().length, urgent.peek()).page] ?? [],

    /** Call often. `isChosen`: a person has chosen something on the page and is about to act on it. */
    tick(isChosen: boolean): void {
      const count = pages.peek().length;
      const pressing = urgent.peek();
      const isNew = [...pressing].some((each) => !urgentBefore.has(each));
      urgentBefore = pressing;
      if (heldUntilMs.peek() !== NEVER_MS && monotonicMs() > heldUntilMs.peek()) heldUntilMs.value = NEVER_MS;
      const isHeld = isChosen || monotonicMs() <= heldUntilMs.peek();
      // On a small screen the page is long: it is not pulled away under a thumb.
      if (count === 1 || isHeld || grid.peek().rows === 0) {
        turnedAtMs = monotonicMs();
        return;
      }
      const isDue = monotonicMs() - turnedAtMs >= turnMs;
      if (isDue || (isNew && !pressing.has(page.peek())))
        put(nextTurn({ ...turn.peek(), page: page.peek() }, count, pressing));
    },

    /** A person turns the page. */
    turn(step: 1 | -1): void {
      put(turnBy(page.peek(), step, pages.peek().length));
      hold();
    },
    turnTo(place: number): void {
      put({ page: place, ordinary: place });
      hold();
    },
    /** To where this bed is; nothing when it is nowhere. */
    show(bed: string | null): void {
      const place = pageOf(bed);
      if (place >= 0 && place !== page.peek()) put({ page: place, ordinary: place });
    },
    toggleHold(): void {
      heldUntilMs.value = heldUntilMs.peek() === NEVER_MS ? monotonicMs() + HELD_MS : NEVER_MS;
    },
  };
};
