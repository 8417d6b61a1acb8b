import { computed, type Signal, signal } from '@preact/signals';
import type { VitalId } from '#domain/vitals.ts';
import { inForce, type Standing } from './alarms/survey.ts';
import type { Settings } from './settings.ts';
import type { Sparks } from './sparks.ts';
import { allBeds, type BedState, devicesOf, type WardState } from './state.ts';
import { type Voice, voiceOf } from './text/language.ts';
import { type BannerView, bannerView, NO_BANNER } from './views/banner.ts';
import { type BedAlarmView, bedAlarmView, NO_ALARM, tileClass } from './views/bed-alarm.ts';
import { type CellView, cellView, SLOTS } from './views/cell.ts';
import { type HeadView, headView } from './views/head.ts';
import { limitsInForce } from './views/limits.ts';
import type { LinkView } from './views/link.ts';
import { isNight } from './views/night.ts';
import { type TraceView, traceView } from './views/trace.ts';
import { NOT_KNOWN, type WatchView, watchView } from './views/watch.ts';
import { NO_TRACE, TRACE_KEYS, type TraceKey, type TraceStatus } from './waves/traces.ts';

/**
 * What the components draw from: one signal for each thing that changes by itself. A signal is written only when
 * its view differs, so that a tick over a quiet ward touches nothing in the page.
 */

export type BedBoard = {
  readonly id: string;
  readonly head: Signal<HeadView>;
  readonly alarm: Signal<BedAlarmView>;
  readonly watch: Signal<WatchView>;
  readonly tileClass: Signal<string>;
  readonly cells: readonly { readonly key: string; readonly view: Signal<CellView | undefined> }[];
  readonly traces: Readonly<Record<TraceKey, Signal<TraceView>>>;
  readonly traceStatus: Record<TraceKey, TraceStatus>;
};

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

const createBedBoard = (id: string): BedBoard => ({
  id,
  head: signal(NO_HEAD),
  alarm: signal(NO_ALARM),
  watch: signal(NOT_KNOWN),
  tileClass: signal(tileClass(NO_ALARM)),
  cells: SLOTS.map(({ key }) => ({ key, view: signal<CellView | undefined>(undefined) })),
  traces: byTrace(() => signal(NO_MARKS)),
  traceStatus: byTrace(() => NO_TRACE),
});

type Moment = {
  readonly nowMs: number | undefined;
  readonly standing: ReadonlyMap<string | undefined, readonly Standing[]>;
};

const byBed = (survey: readonly Standing[]): Moment['standing'] => {
  const found = new Map<string | undefined, Standing[]>();
  for (const standing of survey) {
    const id = standing.bed?.id;
    found.set(id, [...(found.get(id) ?? []), standing]);
  }
  return found;
};

export type Board = ReturnType<typeof createBoard>;

type Deps = { readonly state: WardState; readonly settings: Settings; readonly sparks: Pick<Sparks, 'path'> };

export const createBoard = ({ state, settings, sparks }: Deps) => {
  const beds = signal<readonly BedBoard[]>([]);
  const link = signal<LinkView>({ state: 'connecting', silentForMs: undefined });
  const timeOfDay = signal('');
  const banner = signal<BannerView>(NO_BANNER);
  const night = signal(false);
  /** Every unit that there is, and whether it is on this screen. */
  const units = signal<readonly UnitView[]>([]);
  /** Beds on this screen that somebody may rely on, and that would not alarm. */
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

  const refreshBed = (board: BedBoard, bed: BedState, now: Moment, voice: Voice): void => {
    const { nowMs } = now;
    const unit = state.units.get(bed.unit);
    const { label, patient, deviceLimits } = bed;
    const about = { unitName: state.units.size > 1 && unit ? unit.name : '', label, patient, deviceLimits };
    const devices = devicesOf(state, bed);
    put(board.head, headView(about, devices, { nowMs, initials: settings.initials.peek() }, voice));
    const standing = now.standing.get(bed.id) ?? [];
    const inactivations = nowMs === undefined ? [] : inForce(bed.inactivations, nowMs);
    const alarm = nowMs === undefined ? NO_ALARM : bedAlarmView(standing, inactivations, nowMs, voice);
    put(board.alarm, alarm);
    put(board.watch, watchView({ patient: bed.patient, devices, inactivations }, nowMs, voice));
    board.tileClass.value = tileClass(alarm);
    const sparkOf = (id: VitalId): string => sparks.path(bed.id, id);
    const numbers = {
      vitals: bed.vitals,
      limits: limitsInForce(bed.limits, bed.oxygen),
      standing,
      inactivations,
      sparkOf,
      intervalMs: devices[0]?.intervalMs ?? null,
    };
    SLOTS.forEach((slot, place) => {
      const cell = board.cells[place];
      if (cell) put(cell.view, cellView(slot, numbers, nowMs, voice));
    });
    for (const key of TRACE_KEYS) put(board.traces[key], traceView(board.traceStatus[key], nowMs, voice));
  };

  return {
    beds,
    link,
    timeOfDay,
    banner,
    night,
    units,
    unwatched,

    /**
     * Brings every view up to this moment. `nowMs` is the server's time; undefined blanks every value and every
     * alarm. `survey`: every alarm of the ward, the most urgent first.
     */
    refresh(nowMs: number | undefined, linkNow: LinkView, survey: readonly Standing[]): void {
      const voice = voiceOf(settings.language.peek());
      seat();
      put(link, linkNow);
      put(banner, nowMs === undefined ? NO_BANNER : bannerView(survey, voice));
      if (nowMs !== undefined) night.value = isNight(settings.night.peek(), nowMs);
      timeOfDay.value = nowMs === undefined ? '' : voice.timeOfDay(nowMs);
      const now = { nowMs, standing: byBed(survey) };
      const boards = new Map(beds.peek().map((bed) => [bed.id, bed]));
      for (const bed of allBeds(state)) {
        const board = boards.get(bed.id);
        if (board) refreshBed(board, bed, now, voice);
      }
      const isUnwatched = (bed: BedState): boolean => boards.get(bed.id)?.watch.peek().look === 'unwatched';
      put(
        units,
        state.offered.map(({ id, name }) => {
          const followed = state.units.get(id);
          const unwatchedBeds = [...(followed?.beds.values() ?? [])].filter(isUnwatched);
          return { id, name, isFollowed: followed !== undefined, unwatched: unwatchedBeds.length };
        }),
      );
    },
  };
};
