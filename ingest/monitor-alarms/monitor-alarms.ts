import type { Registry as MetricsRegistry } from 'prom-client';
import type { Journal } from '#contracts/ports/journal.ts';
import type { MonitorAlarm, MonitorInput } from '#domain/monitor-alarms/alarm.ts';
import { monitorDueAt, openMonitorAlarms } from '#domain/monitor-alarms/state.ts';
import type { Cancel, Clock } from '#platform/clock.ts';
import type { OnUnreadable } from '../alarms/saved.ts';
import type { Append } from '../append.ts';
import type { DeviceChange, MonitorChange } from '../live/changes.ts';
import type { MonitorRecord, Source } from '../record.ts';
import type { Registry } from '../registry.ts';
import { createStoredFirst } from '../stored-first.ts';
import { createBeds } from './beds.ts';
import { createCounting } from './counting.ts';
import { createDecisions, type Decision, type Sequences } from './decisions.ts';
import { createMonitorDesk, type MonitorDesk } from './desk.ts';
import { createLinks } from './links.ts';
import { readStates } from './saved.ts';
import { type NewInput, type Subject, take, tick } from './subject.ts';

/**
 * Drives the alarms that monitors report, one subject a bed:
 *
 *   messages, registry, links, operators, time ─▶ subject ─▶ step ─▶ decision ─▶ journal ─▶ announced ─▶ screens, MQTT
 *
 * They are beside the alarms of the station's own engine, and neither hears of the other.
 */
export type MonitorAlarms = MonitorDesk & {
  /** Must be called with the journal open. Resolves when what was announced before is known again. */
  readonly start: (registry: Registry) => Promise<void>;
  readonly stop: () => void;
  /** While stopped it is left to the next start. */
  readonly setRegistry: (registry: Registry) => void;
  /** Takes in messages of a device that is at this source now. */
  readonly report: (
    source: Source,
    at: number,
    messages: readonly Reported[],
    sequences: Sequences,
  ) => Decision | undefined;
  readonly device: (device: string, change: DeviceChange) => void;
  /** The station's clock was put forward or back. */
  readonly clockStepped: () => void;
};

export type Reported = Omit<Extract<MonitorInput, { type: 'reported' }>, 'at'>;

export type MonitorAlarmsDependencies = {
  readonly journal: Pick<Journal, 'checkpoints'>;
  readonly append: Append<MonitorRecord>;
  /** False while the journal cannot flush. */
  readonly canStore: () => boolean;
  readonly clock: Clock;
  readonly announce: (bed: string, change: MonitorChange) => void;
  readonly onUnreadable: OnUnreadable;
  readonly metrics: MetricsRegistry;
};

/** What is decided by time is announced late by this at most. */
const TICK_MS = 50;

const tickAll = (subjects: Iterable<Subject>, at: number, settle: (subject: Subject) => void): void => {
  for (const subject of subjects) {
    const dueAt = monitorDueAt(subject.state);
    if (dueAt === null || dueAt > at) continue;
    tick(subject, at);
    settle(subject);
  }
};

export const createMonitorAlarms = (deps: MonitorAlarmsDependencies): MonitorAlarms => {
  const { journal, append, clock, announce, onUnreadable } = deps;
  const subjects = new Map<string, Subject>();
  const count = createCounting(deps.metrics);
  const announceAndCount: typeof announce = (bed, change) => {
    announce(bed, change);
    count(change.events, clock.now());
  };
  const decisions = createDecisions({ storedFirst: createStoredFirst(deps), announce: announceAndCount });
  const links = createLinks();
  let stopTicking: Cancel | undefined;

  const settle = (subject: Subject): void => {
    const decision = decisions.decide(subject, Math.max(clock.now(), subject.state.at));
    if (decision) append(decision.records, decision.announce, decision.checkpoint);
  };

  const beds = createBeds({ subjects, decisions, announce, now: clock.now, settle });

  /** Gives an input to each bed that has an alarm which it is about. */
  const tellBeds = (input: NewInput, isMeant: (alarm: MonitorAlarm) => boolean): void => {
    for (const subject of decisions.withAlarms()) {
      if (!openMonitorAlarms(subject.state).some(isMeant)) continue;
      take(subject, clock.now(), input);
      settle(subject);
    }
  };

  return {
    ...createMonitorDesk({ subjects, decisions, now: clock.now, settle }),
    async start(registry) {
      if (stopTicking) return;
      stopTicking = clock.every(TICK_MS, () => tickAll(decisions.withAlarms(), clock.now(), settle));
      beds.remember(await readStates(journal.checkpoints(), onUnreadable));
      beds.use(registry);
    },
    stop() {
      stopTicking?.();
      stopTicking = undefined;
      subjects.clear();
      decisions.forget();
    },
    setRegistry(registry) {
      if (stopTicking) beds.use(registry);
    },
    report({ bed, encounter, device }, at, messages, sequences) {
      const subject = subjects.get(bed ?? '');
      if (!subject) return undefined;
      beds.expect(subject, device, encounter);
      for (const message of messages) take(subject, at, message);
      return decisions.decide(subject, Math.max(at, subject.state.at), sequences);
    },
    device(device, change) {
      const isThere = links.change(device, change);
      if (isThere !== undefined) tellBeds({ type: 'link', device, isThere }, (alarm) => alarm.device === device);
    },
    clockStepped: () => tellBeds({ type: 'resumed' }, () => true),
  };
};
