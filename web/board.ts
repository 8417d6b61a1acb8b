import { type Signal, signal } from '@preact/signals';
import type { Settings } from './settings.ts';
import { allBeds, type BedState, devicesOf, type WardState } from './state.ts';
import { type Voice, voiceOf } from './text/language.ts';
import { type CellView, cellView, SLOTS } from './views/cell.ts';
import { type HeadView, headView } from './views/head.ts';
import type { LinkView } from './views/link.ts';
import { type TraceView, traceView } from './views/trace.ts';
import { NO_TRACE, TRACE_KEYS, type TraceKey, type TraceStatus } from './waves/traces.ts';

/**
 * What the components draw from: one signal for each thing that changes by itself. A signal is written only when
 * its view differs, so that a tick over a quiet ward touches nothing in the page.
 */

export type BedBoard = {
  readonly id: string;
  readonly head: Signal<HeadView>;
  readonly cells: readonly { readonly key: string; readonly view: Signal<CellView | undefined> }[];
  readonly traces: Readonly<Record<TraceKey, Signal<TraceView>>>;
  readonly traceStatus: Record<TraceKey, TraceStatus>;
};

type Fields = Readonly<Record<string, unknown>>;

const isSame = (a: Fields | undefined, b: Fields | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Object.keys(a).every((key) => a[key] === b[key]));

const put = <View extends Fields | undefined>(held: Signal<View>, next: View): void => {
  if (!isSame(held.peek(), next)) held.value = next;
};

const NO_HEAD: HeadView = { unit: '', label: '', patient: '', device: '', deviceTone: 'none', warning: '' };
const NO_MARKS: TraceView = { label: '', note: '', millivolt: 0 };

const byTrace = <Value>(make: () => Value): Record<TraceKey, Value> =>
  Object.fromEntries(TRACE_KEYS.map((key) => [key, make()])) as Record<TraceKey, Value>;

const createBedBoard = (id: string): BedBoard => ({
  id,
  head: signal(NO_HEAD),
  cells: SLOTS.map(({ key }) => ({ key, view: signal<CellView | undefined>(undefined) })),
  traces: byTrace(() => signal(NO_MARKS)),
  traceStatus: byTrace(() => NO_TRACE),
});

export type Board = ReturnType<typeof createBoard>;

export const createBoard = ({ state, settings }: { state: WardState; settings: Settings }) => {
  const beds = signal<readonly BedBoard[]>([]);
  const link = signal<LinkView>({ state: 'connecting', silentForMs: undefined });
  const timeOfDay = signal('');
  let rosterVersion = -1;

  const seat = (): void => {
    if (rosterVersion === state.rosterVersion) return;
    rosterVersion = state.rosterVersion;
    const seated = new Map(beds.peek().map((bed) => [bed.id, bed]));
    const next = allBeds(state).map(({ id }) => seated.get(id) ?? createBedBoard(id));
    const held = beds.peek();
    if (next.length !== held.length || next.some((bed, place) => bed !== held[place])) beds.value = next;
  };

  const refreshBed = (board: BedBoard, bed: BedState, nowMs: number | undefined, voice: Voice): void => {
    const unit = state.units.get(bed.unit);
    const about = { unitName: state.units.size > 1 && unit ? unit.name : '', label: bed.label, patient: bed.patient };
    put(board.head, headView(about, devicesOf(state, bed), { nowMs, initials: settings.initials.peek() }, voice));
    SLOTS.forEach((slot, place) => {
      const cell = board.cells[place];
      if (cell) put(cell.view, cellView(slot, bed.vitals, nowMs, voice));
    });
    for (const key of TRACE_KEYS) put(board.traces[key], traceView(board.traceStatus[key], nowMs, voice));
  };

  return {
    beds,
    link,
    timeOfDay,

    /** Brings every view up to this moment. `nowMs` is the server's time; undefined blanks every value. */
    refresh(nowMs: number | undefined, linkNow: LinkView): void {
      const voice = voiceOf(settings.language.peek());
      seat();
      put(link, linkNow);
      timeOfDay.value = nowMs === undefined ? '' : voice.timeOfDay(nowMs);
      const boards = new Map(beds.peek().map((bed) => [bed.id, bed]));
      for (const bed of allBeds(state)) {
        const board = boards.get(bed.id);
        if (board) refreshBed(board, bed, nowMs, voice);
      }
    },
  };
};
