import type { LiveOxygen } from '#contracts/live.ts';
import { readMoment } from '#domain/moment.ts';
import type { AlarmRecord } from '../alarm-record.ts';
import type { Decision as DecisionOf } from '../decision.ts';
import type { Announcing } from './announcing.ts';
import { isOxygenNews, oxygenOf } from './oxygen.ts';
import { encodeState } from './saved.ts';
import type { Subject } from './subject.ts';

/** What the engine made of a message or a moment. */
export type Decision = DecisionOf<AlarmRecord>;

export type Decisions = {
  /** undefined: the step led to nothing that must be stored. */
  readonly decide: (subject: Subject, at: number) => Decision | undefined;
  /** The present state of the subject was announced before a restart. */
  readonly remember: (subject: Subject) => void;
};

/**
 * A checkpoint is stored at least so often: a recomputation then goes through no more than that before its range
 * begins.
 */
const CHECKPOINT_EVERY_MS = 3_600_000;

export const createDecisions = ({ announcing }: { announcing: Announcing }): Decisions => {
  /** What was decided to be announced of what the patient breathes. */
  const oxygens = new Map<Subject, LiveOxygen | undefined>();

  const takeOxygenNews = (subject: Subject): boolean => {
    const oxygen = oxygenOf(subject);
    const isNews = isOxygenNews(oxygens.get(subject), oxygen);
    oxygens.set(subject, oxygen);
    return isNews;
  };

  return {
    decide(subject, at) {
      const { inputs, events, stored, state, config, unit, bed } = subject;
      const hasHappened = inputs.length > 0 || events.length > 0;
      const isCheckpointDue = at >= subject.checkpointAt;
      if (!hasHappened && !isCheckpointDue && state.revision === subject.savedRevision) return undefined;
      subject.inputs = [];
      subject.events = [];
      subject.stored = [];
      subject.savedRevision = state.revision;
      const isOtherOxygen = takeOxygenNews(subject);
      const beginsAnew = inputs.some(({ type }) => type === 'resumed' || type === 'occupied');
      const checkpoint = beginsAnew || isCheckpointDue ? { state, config } : null;
      if (checkpoint) subject.checkpointAt = at + CHECKPOINT_EVERY_MS + subject.staggerMs;
      // Alarms of one of several devices name it themselves.
      const device = state.devices.length === 1 ? (state.devices[0]?.id ?? null) : null;
      const { encounter } = state;
      const receivedAt = readMoment(at).ms;
      const where = { unit, bed, device, encounter };
      const record: AlarmRecord = { kind: 'alarm', receivedAt, ...where, inputs, events, stamps: [], checkpoint };
      const isNews = events.length + stored.length > 0 || isOtherOxygen;
      return {
        records: hasHappened || checkpoint ? [record] : [],
        checkpoint: encodeState(subject),
        announce: isNews ? announcing.queue(subject, { events, stored }) : ignore,
      };
    },
    remember(subject) {
      announcing.remember(subject);
      oxygens.set(subject, oxygenOf(subject));
    },
  };
};

const ignore = (): void => {};
