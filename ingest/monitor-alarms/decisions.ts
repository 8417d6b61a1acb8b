import type { MonitorAlarm, MonitorAlarmEvent } from '#domain/monitor-alarms/alarm.ts';
import { openMonitorAlarms } from '#domain/monitor-alarms/state.ts';
import type { Decision as DecisionOf } from '../decision.ts';
import type { MonitorChange } from '../live/changes.ts';
import type { MonitorRecord } from '../record.ts';
import type { StoredFirst } from '../stored-first.ts';
import { encodeState } from './saved.ts';
import type { Subject } from './subject.ts';

/** What was made of a message or a moment. */
export type Decision = DecisionOf<MonitorRecord>;

/** A recomputation goes through no more than this before its range begins. */
const CHECKPOINT_EVERY_MS = 3_600_000;

/** Numbers of messages that are stored with what they told. */
export type Sequences = MonitorRecord['sequences'];

export type Decisions = {
  /** What came of a bed since it was last asked; undefined: nothing that must be stored. */
  readonly decide: (subject: Subject, at: number, sequences?: Sequences) => Decision | undefined;
  /** What was last announced of a bed. */
  readonly announced: (subject: Subject) => readonly MonitorAlarm[];
  /** The present state was announced before a restart. */
  readonly remember: (subject: Subject) => void;
  /** The beds that have an alarm, as of when each was last decided: few, however many beds there are. */
  readonly withAlarms: () => ReadonlySet<Subject>;
  readonly forget: () => void;
};

export const createDecisions = ({
  storedFirst,
  announce,
}: {
  storedFirst: StoredFirst<Subject>;
  announce: (bed: string, change: MonitorChange) => void;
}): Decisions => {
  const announced = new Map<Subject, readonly MonitorAlarm[]>();
  const withAlarms = new Set<Subject>();

  const queue = (subject: Subject, events: readonly MonitorAlarmEvent[], stored: readonly (() => void)[]) => {
    const alarms = openMonitorAlarms(subject.state);
    return storedFirst.queue(subject, () => {
      announced.set(subject, alarms);
      announce(subject.bed, { events, alarms });
      for (const onStored of stored) onStored();
    });
  };

  return {
    decide(subject, at, sequences = []) {
      const { inputs, events, stored, state, unit, bed } = subject;
      if (state.episodes.length > 0) withAlarms.add(subject);
      else withAlarms.delete(subject);
      if (state.revision === subject.savedRevision && sequences.length === 0) return undefined;
      Object.assign(subject, { inputs: [], events: [], stored: [], savedRevision: state.revision });
      const beginsAnew = inputs.some(({ type }) => type === 'resumed' || type === 'occupied');
      const isCheckpoint = beginsAnew || at >= subject.checkpointAt;
      if (isCheckpoint) subject.checkpointAt = at + CHECKPOINT_EVERY_MS;
      const reported = inputs.find((input) => input.type === 'reported');
      const record: MonitorRecord = {
        kind: 'monitor',
        receivedAt: at,
        ...{ unit, bed, encounter: state.encounter, device: reported?.device ?? null },
        ...{ sequences, inputs, events, checkpoint: isCheckpoint ? state : null },
      };
      return {
        records: [record],
        checkpoint: encodeState(state),
        announce: events.length + stored.length > 0 ? queue(subject, events, stored) : ignore,
      };
    },
    announced: (subject) => announced.get(subject) ?? [],
    remember(subject) {
      announced.set(subject, openMonitorAlarms(subject.state));
    },
    withAlarms: () => withAlarms,
    forget: () => withAlarms.clear(),
  };
};

const ignore = (): void => {};
