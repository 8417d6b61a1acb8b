import { setTimeout as after } from 'node:timers';
import { isDeepStrictEqual } from 'node:util';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { Checkpoint, Journal } from '#contracts/ports/journal.ts';
import { ActionRefusedError, actionRefusal } from '#domain/alarms/actions.ts';
import type { AlarmAction, AlarmInput } from '#domain/alarms/alarm.ts';
import { alarmsToCarry } from '#domain/alarms/moves.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import type { AlarmRecord, AlarmStamp } from '../alarm-record.ts';
import type { SavedState } from '../formats/upcast.ts';
import type { AlarmChange } from '../live.ts';
import type { Block, Reading } from '../record.ts';
import type { Registry } from '../registry.ts';
import { createDecisions, type Decision } from './decisions.ts';
import { createDepartures, patientsIn } from './departures.ts';
import { type DeviceFacts, worthTelling } from './devices.ts';
import { createLatency } from './latency.ts';
import { createMissing } from './missing.ts';
import { FIRST_PRESETS, type OnUnreadable, readStates, readTail, replayTail } from './saved.ts';
import {
  createSubject,
  feed,
  resume,
  STATION,
  type Subject,
  type Told,
  takeBefore,
  takeWaiting,
  tell,
  type Waiting,
} from './subject.ts';

/**
 * Drives the alarm engine, one subject a bed and one for the station:
 *
 *   readings ──────────────┐
 *   devices, registry ─────┼─▶ subject ─▶ step ─▶ decision ─▶ journal, with the readings that made it
 *   operators, clock ──────┘                          └─▶ said, once it is stored ─▶ live ─▶ screens, MQTT
 */
export type Alarms = AlarmDesk & {
  /** To be called with the journal open: brings back what was said before. */
  readonly start: (registry: Registry) => Promise<void>;
  readonly stop: () => void;
  /** Resolves when it is in force: at once when there is no new bed. */
  readonly setRegistry: (registry: Registry) => Promise<void>;
  /**
   * Readings of one message that are not late, and by how much the device's clock was put forward or back before it.
   * undefined: nothing came of them that must be kept with them.
   */
  readonly vitals: (
    bed: string,
    at: number,
    blocks: readonly Block<Reading>[],
    clockStepMs?: number,
  ) => Decision | undefined;
  /** Of each vitals message that has a number, late or not. */
  readonly sequence: (device: string, boot: string, seq: number, at: number) => void;
  readonly device: (device: string, facts: DeviceFacts) => void;
  /** The station's clock was put forward or back: the time between did not pass. */
  readonly clockStepped: (fromMs: number) => void;
  readonly station: (facts: { journalShare: number; databaseAway: boolean }) => void;
};

/** What time decides is said late by this at most. */
const TICK_MS = 50;
/** What is told is taken when the millisecond is over. */
const TAKEN_AFTER_MS = 2;
const STAMPS_EVERY_MS = 1_000;

/** Beds are not all written down at the same moment. */
const STAGGER_MS = 1_000;

const STATION_CONFIG = PRESETS.adult;

/** Which versions made a configuration, as one text. */
const versionText = ({ version }: AlarmConfig): string => JSON.stringify(version);

const byTime = (one: Block<Reading>, other: Block<Reading>): number => one.time - other.time;

/** Patients by whom a bed changes hands, and where the one who comes was before. */
type Move = {
  readonly leaving?: number | undefined;
  readonly coming?: number | undefined;
  readonly from?: string | undefined;
  /** Beds that the patient of before has left already: two may change places. */
  readonly left: Set<string>;
};

export const createAlarms = ({
  journal,
  append,
  canStore,
  now,
  announce,
  metrics,
  onUnreadable,
  onUnknown,
}: {
  journal: Journal;
  append: (records: readonly AlarmRecord[], onStored: () => void, checkpoint?: Checkpoint) => void;
  canStore: () => boolean;
  now: () => number;
  announce: (bed: string | null, change: AlarmChange) => void;
  metrics: MetricsRegistry;
  /** Bytes that nobody can read. A subject whose state they were begins anew. */
  onUnreadable: OnUnreadable;
  /** The state of a subject has a vital or kind in it that this program does not know, and goes on without it. */
  onUnknown: (subject: string, what: string) => void;
}): Alarms => {
  const station = createSubject({ bed: null, unit: null, config: STATION_CONFIG, staggerMs: 0 });
  const beds = new Map<string, Subject>();
  /** What each bed was last told of who and what is there, and by which settings. */
  const lastTold = new Map<string, { readonly occupancy: string; readonly version: string }>();
  const facts = new Map<string, DeviceFacts>();
  const departures = createDepartures();
  const latency = createLatency({ metrics });
  let states: Map<string, SavedState> = new Map();
  let registry: Registry | undefined;
  /** The same for all: nothing was decided between the end of the life before and this. */
  let startedAt = 0;
  let isStarted = false;
  let stamps: AlarmStamp[] = [];
  let timers: NodeJS.Timeout[] = [];
  let taking: NodeJS.Timeout | undefined;
  const told = new Set<Subject>();

  const decisions = createDecisions({
    canStore,
    announce(subject, change) {
      stamps.push(...latency.published(change.events, now()));
      announce(subject.bed, change);
    },
  });

  const subjects = (): Subject[] => [station, ...beds.values()];

  const settle = (subject: Subject, at: number): void => {
    const decision = decisions.decide(subject, at);
    if (decision) append(decision.records, decision.say, decision.checkpoint);
  };

  const takeTold = (): void => {
    taking = undefined;
    const at = now();
    for (const subject of told) {
      takeWaiting(subject, at);
      settle(subject, at);
      if (subject.waiting.length === 0) told.delete(subject);
    }
    if (told.size > 0) taking = after(takeTold, TAKEN_AFTER_MS);
  };

  const tellSoon = (subject: Subject, input: Told, rest?: Omit<Waiting, 'input'>): void => {
    tell(subject, input, now(), rest);
    told.add(subject);
    if (timers.length > 0) taking ??= after(takeTold, TAKEN_AFTER_MS);
  };

  const tickSubject = (subject: Subject, at: number): void => {
    const isDue = subject.state.dueAt !== null && subject.state.dueAt < at;
    if (!isDue && at < subject.checkpointAt) return;
    takeWaiting(subject, at);
    feed(subject, { type: 'tick', at });
    settle(subject, at);
  };

  const tick = (): void => {
    const at = now();
    tickSubject(station, at);
    for (const subject of beds.values()) tickSubject(subject, at);
  };

  const keepStamps = (): void => {
    if (stamps.length === 0) return;
    const nowhere = { unit: null, bed: null, device: null, encounter: null };
    append(
      [{ kind: 'alarm', receivedAt: now(), ...nowhere, inputs: [], events: [], stamps, checkpoint: null }],
      ignore,
    );
    stamps = [];
  };

  const tellDevice = (id: string, changed: DeviceFacts): void => {
    facts.set(id, { ...facts.get(id), ...changed });
    const subject = beds.get(registry?.bedOf(id, now()) ?? '');
    if (!subject) return;
    // While something waits to be taken, the state does not yet say what will be news.
    const isCertain = subject.waiting.length === 0;
    const input = isCertain
      ? worthTelling(changed, subject.state, subject.config)
      : { type: 'device' as const, ...changed };
    if (input) tellSoon(subject, input);
  };

  const missing = createMissing({ onChange: (id, count) => tellDevice(id, { missing: count }) });

  /** Says what was said before, to nobody but who asks, and has it go on from now. */
  const goOn = (subject: Subject): void => {
    decisions.remember(subject);
    latency.remember(decisions.said(subject).alarms);
    announce(subject.bed, { events: [], ...decisions.said(subject) });
    resume(subject, startedAt);
    told.add(subject);
  };

  /** As it was before the restart, or new. */
  const bringBack = (next: Registry, { id, unit }: { id: string; unit: string }): Subject => {
    const saved = states.get(id);
    const state = saved?.state;
    // What happens until it is told other settings is decided by those that were in force.
    const config = saved?.config ?? next.configOf(id, state?.at ?? now(), state && FIRST_PRESETS);
    const subject = createSubject({ bed: id, unit, config, state, staggerMs: beds.size * STAGGER_MS });
    beds.set(id, subject);
    states.delete(id);
    if (!state) return subject;
    const isSame = isDeepStrictEqual(config, next.configOf(id, now()));
    lastTold.set(id, {
      occupancy: `${state.device}/${state.encounter}`,
      version: isSame ? versionText(config) : '',
    });
    goOn(subject);
    // A person may have changed it while the station was not there.
    const { intervalMs = null } = facts.get(state.device ?? '') ?? {};
    if (intervalMs !== state.intervalMs) tellSoon(subject, { type: 'device', intervalMs });
    return subject;
  };

  /**
   * What a patient takes along is known once the bed of before has taken all that came before the move. That bed is also
   * stored first, so that the record says last where the alarm is now.
   */
  const carryAlong =
    (subject: Subject, { leaving, coming, from, left }: Move) =>
    (input: AlarmInput): AlarmInput => {
      left.add(subject.key);
      if (leaving !== undefined) {
        feed(subject, { type: 'tick', at: input.at });
        departures.leave(leaving, alarmsToCarry(subject.state), input.at);
      }
      const before = beds.get(from ?? '');
      if (before && !left.has(before.key)) {
        takeWaiting(before, input.at + TAKEN_AFTER_MS);
        settle(before, now());
      }
      const carried = coming === undefined ? [] : departures.arrive(coming, input.at);
      return carried.length === 0 ? input : ({ ...input, carried } as AlarmInput);
    };

  /** Tells a bed who and what is in it now, and by which settings, when that is news. */
  const tellBed = (
    next: Registry,
    { id, unit }: { id: string; unit: string },
    device: string | null,
    move: Move,
  ): void => {
    const at = now();
    const config = next.configOf(id, at);
    const encounter = next.encounterIn(id, at)?.id ?? null;
    const subject = beds.get(id) ?? bringBack(next, { id, unit });
    subject.unit = unit;
    const news = { occupancy: `${device}/${encounter}`, version: versionText(config) };
    const known = lastTold.get(id);
    lastTold.set(id, news);
    if (known?.occupancy === news.occupancy) {
      if (known.version !== news.version) tellSoon(subject, { type: 'configured', config });
      return;
    }
    tellSoon(subject, { type: 'occupied', device, encounter, config }, { complete: carryAlong(subject, move) });
    // Of another device it knows no interval yet.
    const { intervalMs = null, ...others } = facts.get(device ?? '') ?? {};
    const ofDevice = intervalMs === null ? others : { ...others, intervalMs };
    if (Object.keys(ofDevice).length > 0) tellSoon(subject, { type: 'device', ...ofDevice });
  };

  const setRegistry = async (next: Registry): Promise<void> => {
    const hasNewBed = next.data.beds.some(({ id }) => !beds.has(id));
    const tail = hasNewBed ? await readTail(journal, onUnreadable) : [];
    if (!isStarted) return;
    const patientsBefore = patientsIn(registry?.data ?? next.data);
    const patients = patientsIn(next.data);
    const left = new Set<string>();
    const bedsBefore = new Map([...patientsBefore].map(([bed, patient]) => [patient, bed]));
    registry = next;
    const present = next.data.assignments.filter(({ end }) => end === null);
    const deviceAt = new Map(present.map(({ bed, device }) => [bed, device]));
    const before = new Set(beds.keys());
    for (const bed of next.data.beds) {
      const [leaving, coming] = [patientsBefore.get(bed.id), patients.get(bed.id)];
      const move: Move =
        leaving === coming ? { left } : { leaving, coming, from: bedsBefore.get(coming ?? Number.NaN), left };
      tellBed(next, bed, deviceAt.get(bed.id) ?? null, move);
    }
    replayTail(tail, (bed) => (before.has(bed) ? undefined : beds.get(bed)));
  };

  return {
    async start(next) {
      if (isStarted) return;
      isStarted = true;
      startedAt = now();
      states = await readStates(journal.checkpoints(), onUnreadable, (subject) => (what) => onUnknown(subject, what));
      const ofStation = states.get(STATION);
      if (ofStation) {
        const { state, config } = ofStation;
        Object.assign(station, { state, savedRevision: state.revision, config: config ?? FIRST_PRESETS.adult });
      }
      goOn(station);
      if (!isDeepStrictEqual(station.config, STATION_CONFIG)) {
        tellSoon(station, { type: 'configured', config: STATION_CONFIG });
      }
      await setRegistry(next);
      timers = [
        setInterval(tick, TICK_MS),
        setInterval(() => missing.expire(now()), STAMPS_EVERY_MS),
        setInterval(keepStamps, STAMPS_EVERY_MS),
      ];
      taking ??= after(takeTold, TAKEN_AFTER_MS);
    },
    stop() {
      isStarted = false;
      for (const timer of timers) clearInterval(timer);
      timers = [];
      clearTimeout(taking);
      taking = undefined;
      for (const subject of told) {
        takeWaiting(subject, Number.POSITIVE_INFINITY);
        settle(subject, now());
      }
      told.clear();
      keepStamps();
      beds.clear();
      lastTold.clear();
    },
    setRegistry,
    vitals(bed, at, blocks, clockStepMs = 0) {
      const subject = beds.get(bed);
      if (!subject) return undefined;
      takeWaiting(subject, at);
      if (clockStepMs !== 0) takeBefore(subject, at, { type: 'device', clockStepMs });
      const ordered = blocks.length > 1 ? [...blocks].sort(byTime) : blocks;
      for (const { time, items } of ordered) feed(subject, { type: 'vitals', at, time, readings: items });
      return decisions.decide(subject, at);
    },
    sequence: missing.observe,
    device: tellDevice,
    clockStepped(fromMs) {
      for (const subject of subjects()) {
        takeWaiting(subject, Number.POSITIVE_INFINITY);
        resume(subject, fromMs);
        told.add(subject);
      }
      if (timers.length > 0) taking ??= after(takeTold, TAKEN_AFTER_MS);
    },
    station({ journalShare, databaseAway }) {
      const { plain } = station.state;
      const isFilling = plain['station-journal'].since !== null;
      const isShareNews = isFilling !== journalShare >= station.config.journalFillingShare;
      if (databaseAway === (plain['station-database'].since !== null) && !isShareNews) return;
      tellSoon(station, { type: 'station', databaseAway, ...(isShareNews ? { journalShare } : {}) });
    },
    active(unit) {
      const inUnit = [...beds.values()].filter((subject) => unit === undefined || subject.unit === unit);
      return {
        beds: inUnit.flatMap((subject) => {
          const { alarms, inactivations } = decisions.said(subject);
          if (subject.bed === null || subject.unit === null || alarms.length + inactivations.length === 0) return [];
          return [{ unit: subject.unit, bed: subject.bed, alarms, inactivations }];
        }),
        station: decisions.said(station).alarms,
      };
    },
    config: (bed) => beds.get(bed)?.config,
    recordOxygen: (bed, { by, roomAir }) =>
      new Promise((resolve, reject) => {
        const subject = beds.get(bed);
        if (!subject) return reject(new ActionRefusedError('not-found', `there is no bed ${bed}`));
        tellSoon(
          subject,
          { type: 'oxygen', by, roomAir },
          {
            check(_input, { state }) {
              if (state.encounter === null) throw new ActionRefusedError('invalid', 'nobody is in this bed');
            },
            onRefused: reject,
            onStored: resolve,
          },
        );
      }),
    bedOf: (id) => subjects().find(({ state }) => openAlarms(state).some((alarm) => alarm.id === id))?.bed,
    act: (bed, asked) =>
      new Promise((resolve, reject) => {
        const subject = bed === null ? station : beds.get(bed);
        if (!subject) return reject(new ActionRefusedError('not-found', `there is no bed ${bed}`));
        tellSoon(subject, asked, {
          check(input, { state, config }) {
            const refusal = actionRefusal(input as AlarmAction, openAlarms(state), config);
            if (refusal) throw refusal;
          },
          onRefused: reject,
          onStored: resolve,
        });
      }),
    shown(ids) {
      const at = now();
      for (const id of ids) {
        const stamp = latency.shown(id, at);
        if (stamp) stamps.push(stamp);
      }
    },
  };
};

const ignore = (): void => {};
