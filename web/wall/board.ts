import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { VitalId } from '#domain/vitals.ts';
import { type BedAlarmView, bedAlarmView, NO_ALARM, tileClass } from '../parts/bed-alarm.ts';
import { type BedNumbers, type CellView, cellView } from '../parts/cell.ts';
import { TILE_SLOTS } from '../parts/display.ts';
import { limitsInForce } from '../parts/limits-text.ts';
import { NOT_KNOWN, type WatchView, watchView } from '../parts/watch.ts';
import { type TraceView, traceView } from '../parts/waves/trace-view.ts';
import { NO_TRACE, TRACE_KEYS, type TraceKey, type TraceStatus } from '../parts/waves/traces.ts';
import { type ActiveAlarm, inForce } from '../shell/alarms/survey.ts';
import { type BannerView, bannerView, NO_BANNER } from '../shell/banner/banner-view.ts';
import type { LinkView } from '../shell/live/link-view.ts';
import { allBeds, type BedState, devicesOf, type WardState } from '../shell/live/state.ts';
import { isNight } from '../shell/night.ts';
import type { Settings } from '../shell/settings.ts';
import { type Voice, voiceOf } from '../shell/text/language.ts';
import { type HeadView, headView } from './head-view.ts';
import type { Sparks } from './sparks.ts';

/**
 * What the components draw from: one signal for each thing that changes by itself. A signal is written only when
 * its view differs, so that a tick over a quiet ward touches nothing in the page.
 */

export type BedBoard = {
  readonly id: string;
  readonly head: ReadonlySignal<HeadView>;
  readonly alarm: ReadonlySignal<BedAlarmView>;
  readonly watch: ReadonlySignal<WatchView>;
  readonly tileClass: ReadonlySignal<string>;
  readonly cells: readonly { readonly key: string; readonly view: ReadonlySignal<CellView | undefined> }[];
  readonly traces: Readonly<Record<TraceKey, ReadonlySignal<TraceView>>>;
  readonly traceStatus: (trace: TraceKey) => TraceStatus;
  /** What the painter has drawn; it stands beside the trace with the next refresh. */
  readonly noteTrace: (trace: TraceKey, status: TraceStatus) => void;
};

/** The same with signals that can be written. */
type Writable<View> =
  View extends ReadonlySignal<infer Value>
    ? Signal<Value>
    : View extends (...args: never) => unknown
      ? View
      : { readonly [Key in keyof View]: Writable<View[Key]> };

/** As the board itself has it, which alone writes. */
type OwnBedBoard = Writable<BedBoard>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Views are plain data: scalars, lists and records of such. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], b[key]));
};

const put = <View>(held: Signal<View>, next: View): void => {
  if (!isSame(held.peek(), next)) held.value = next;
};

export type UnitView = {
  readonly id: string;
  readonly name: string;
  readonly isFollowed: boolean;
  /** Beds of it that nobody could rely on; of units that are not followed nothing is known. */
  readonly unwatched: number;
};

const NO_HEAD: HeadView = { unit: '', label: '', patient: '', device: '', deviceTone: 'none', warning: '' };
const NO_MARKS: TraceView = { label: '', note: '', millivolt: 0 };

const byTrace = <Value>(make: () => Value): Record<TraceKey, Value> =>
  Object.fromEntries(TRACE_KEYS.map((key) => [key, make()])) as Record<TraceKey, Value>;

const createBedBoard = (id: string): OwnBedBoard => {
  const status = byTrace(() => NO_TRACE);
  return {
    id,
    head: signal(NO_HEAD),
    alarm: signal(NO_ALARM),
    watch: signal(NOT_KNOWN),
    tileClass: signal(tileClass(NO_ALARM)),
    cells: TILE_SLOTS.map(({ key }) => ({ key, view: signal<CellView | undefined>(undefined) })),
    traces: byTrace(() => signal(NO_MARKS)),
    traceStatus: (trace) => status[trace],
    noteTrace(trace, next) {
      status[trace] = next;
    },
  };
};

type Moment = {
  readonly nowMs: number | undefined;
  readonly voice: Voice;
  readonly active: ReadonlyMap<string | undefined, readonly ActiveAlarm[]>;
};

const byBed = (survey: readonly ActiveAlarm[]): Moment['active'] => {
  const found = new Map<string | undefined, ActiveAlarm[]>();
  for (const active of survey) {
    const id = active.bed?.id;
    found.set(id, [...(found.get(id) ?? []), active]);
  }
  return found;
};

type Deps = { readonly state: WardState; readonly settings: Settings; readonly sparks: Pick<Sparks, 'path'> };

const refreshNumbers = (board: OwnBedBoard, numbers: BedNumbers, nowMs: number | undefined, voice: Voice): void => {
  TILE_SLOTS.forEach((slot, place) => {
    const cell = board.cells[place];
    if (cell) put(cell.view, cellView(slot, numbers, nowMs, voice));
  });
  for (const key of TRACE_KEYS) put(board.traces[key], traceView(board.traceStatus(key), nowMs, voice));
};

const refreshBed = (board: OwnBedBoard, bed: BedState, now: Moment, { state, settings, sparks }: Deps): void => {
  const { nowMs, voice } = now;
  const { label, patient, deviceLimits } = bed;
  const unit = state.units.get(bed.unit);
  const about = { unitName: state.units.size > 1 && unit ? unit.name : '', label, patient, deviceLimits };
  const devices = devicesOf(state, bed);
  put(board.head, headView(about, devices, { nowMs, initials: settings.initials.peek() }, voice));
  const active = now.active.get(bed.id) ?? [];
  const inactivations = nowMs === undefined ? [] : inForce(bed.inactivations, nowMs);
  const alarm = nowMs === undefined ? NO_ALARM : bedAlarmView(active, inactivations, nowMs, voice);
  put(board.alarm, alarm);
  put(board.watch, watchView({ patient, devices, inactivations }, nowMs, voice));
  put(board.tileClass, tileClass(alarm));
  const numbers = {
    vitals: bed.vitals,
    limits: limitsInForce(bed.limits, bed.oxygen),
    active,
    inactivations,
    sparkOf: (id: VitalId): string => sparks.path(bed.id, id),
    devices,
  };
  refreshNumbers(board, numbers, nowMs, voice);
};

/** Every unit that there is. Beds that look calm because nobody watches them are counted by what their tiles show. */
const unitViews = (state: WardState, boards: ReadonlyMap<string, OwnBedBoard>): readonly UnitView[] =>
  state.offered.map(({ id, name }) => {
    const followed = state.units.get(id);
    const isUnwatched = (bed: BedState): boolean => boards.get(bed.id)?.watch.peek().look === 'unwatched';
    const unwatched = [...(followed?.beds.values() ?? [])].filter(isUnwatched);
    return { id, name, isFollowed: followed !== undefined, unwatched: unwatched.length };
  });

export type Board = {
  readonly beds: ReadonlySignal<readonly BedBoard[]>;
  readonly link: ReadonlySignal<LinkView>;
  readonly timeOfDay: ReadonlySignal<string>;
  readonly banner: ReadonlySignal<BannerView>;
  readonly night: ReadonlySignal<boolean>;
  /** Every unit that there is, and whether it is on this screen. */
  readonly units: ReadonlySignal<readonly UnitView[]>;
  /** How many beds on this screen somebody may rely on, and that would not alarm. */
  readonly unwatched: ReadonlySignal<number>;
  /**
   * Brings every view up to this moment. `nowMs` is the server's time; undefined blanks every value and every alarm.
   * `survey`: every alarm of the ward, the most urgent first.
   */
  readonly refresh: (nowMs: number | undefined, linkNow: LinkView, survey: readonly ActiveAlarm[]) => void;
};

export const createBoard = (deps: Deps): Board => {
  const { state, settings } = deps;
  const beds = signal<readonly OwnBedBoard[]>([]);
  const link = signal<LinkView>({ state: 'connecting', silentForMs: undefined });
  const timeOfDay = signal('');
  const banner = signal<BannerView>(NO_BANNER);
  const night = signal(false);
  const units = signal<readonly UnitView[]>([]);
  const unwatched = computed(() => units.value.reduce((sum, unit) => sum + unit.unwatched, 0));
  let rosterVersion = -1;

  const seat = (): void => {
    if (rosterVersion === state.rosterVersion) return;
    rosterVersion = state.rosterVersion;
    const seated = new Map(beds.peek().map((bed) => [bed.id, bed]));
    const next = allBeds(state).map(({ id }) => seated.get(id) ?? createBedBoard(id));
    const held = beds.peek();
    if (next.length !== held.length || next.some((bed, place) => bed !== held[place])) beds.value = next;
  };

  return {
    ...{ beds, link, timeOfDay, banner, night, units, unwatched },
    refresh(nowMs, linkNow, survey) {
      const voice = voiceOf(settings.language.peek());
      seat();
      put(link, linkNow);
      put(banner, nowMs === undefined ? NO_BANNER : bannerView(survey, voice));
      if (nowMs !== undefined) night.value = isNight(settings.night.peek(), nowMs);
      timeOfDay.value = nowMs === undefined ? '' : voice.timeOfDay(nowMs);
      const now = { nowMs, voice, active: byBed(survey) };
      const boards = new Map(beds.peek().map((bed) => [bed.id, bed]));
      for (const bed of allBeds(state)) {
        const board = boards.get(bed.id);
        if (board) refreshBed(board, bed, now, deps);
      }
      put(units, unitViews(state, boards));
    },
  };
};
