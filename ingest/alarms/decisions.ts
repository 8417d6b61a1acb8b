import { setTimeout as after } from 'node:timers';
import type { LiveOxygen } from '#contracts/live.ts';
import type { Checkpoint } from '#contracts/ports/journal.ts';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { highSpo2Off } from '#domain/alarms/oxygen.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import type { AlarmRecord } from '../alarm-record.ts';
import type { AlarmChange } from '../live.ts';
import { encodeState } from './saved.ts';
import type { Subject } from './subject.ts';

/**
 * What came of a message or a moment: to be stored in one piece with the readings that made it, and said once it is.
 * Said means stored (G1): after a crash the state comes back as it was when something was last said. What could not be
 * stored in time is said anyway, for a full disk must not silence an alarm.
 */
export type Decision = {
  readonly records: readonly AlarmRecord[];
  readonly checkpoint: Checkpoint | undefined;
  /** To be called when it is stored, or when that will not be soon. Only the first call counts. */
  readonly say: () => void;
};

export type Said = {
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
  readonly oxygen?: LiveOxygen | undefined;
};

export type Decisions = {
  /** undefined: nothing came of it that must be kept. */
  readonly decide: (subject: Subject, at: number) => Decision | undefined;
  /** What was last said of a subject. */
  readonly said: (subject: Subject) => Said;
  /** What was said before a restart. */
  readonly remember: (subject: Subject) => void;
};

/** G1. Groups are flushed every 4 ms or so. */
const SAID_ANYWAY_AFTER_MS = 250;

/** How much a recomputation has to go through at most before it comes to where it is to begin. */
const CHECKPOINT_EVERY_MS = 3_600_000;

const oxygenOf = ({ state, config }: Subject): LiveOxygen | undefined => {
  const off = highSpo2Off(state, config) ?? null;
  return off || state.roomAir ? { roomAir: state.roomAir, highSpo2Off: off } : undefined;
};

/** What a sensor measures wavers: only whether it keeps the limit off is news. */
const isOxygenNews = (known: LiveOxygen | undefined, next: LiveOxygen | undefined): boolean =>
  known?.highSpo2Off?.because !== next?.highSpo2Off?.because || known?.roomAir !== next?.roomAir;

const nowOf = (subject: Subject): Said => ({
  alarms: openAlarms(subject.state),
  inactivations: subject.state.inactivations,
  oxygen: oxygenOf(subject),
});

const NOTHING: Said = { alarms: [], inactivations: [] };

export const createDecisions = ({
  canStore,
  announce,
}: {
  /** False while nothing can be flushed: then nothing is waited for. */
  canStore: () => boolean;
  announce: (subject: Subject, change: AlarmChange) => void;
}): Decisions => {
  const said = new Map<Subject, Said>();
  /** What was decided to be said of it. */
  const oxygens = new Map<Subject, LiveOxygen | undefined>();
  /** Not said yet, in their order. */
  const unsaid = new Map<Subject, (() => void)[]>();

  const sayer = (subject: Subject, { events, stored }: Pick<Subject, 'events' | 'stored'>): (() => void) => {
    const present = nowOf(subject);
    let timer: NodeJS.Timeout | undefined;
    const sayThis = () => {
      clearTimeout(timer);
      said.set(subject, present);
      announce(subject, { events, ...present });
      for (const onStored of stored) onStored();
    };
    const queue = unsaid.get(subject) ?? [];
    unsaid.set(subject, queue);
    queue.push(sayThis);
    // What was decided before is said before: the newest said is what there is.
    const say = () => {
      for (const one of queue.splice(0, queue.indexOf(sayThis) + 1)) one();
    };
    if (canStore()) timer = after(say, SAID_ANYWAY_AFTER_MS);
    else say();
    return say;
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
      const oxygen = oxygenOf(subject);
      const isOtherOxygen = isOxygenNews(oxygens.get(subject), oxygen);
      oxygens.set(subject, oxygen);
      const beginsAnew = inputs.some(({ type }) => type === 'resumed' || type === 'occupied');
      const checkpoint = beginsAnew || isCheckpointDue ? { state, config } : null;
      if (checkpoint) subject.checkpointAt = at + CHECKPOINT_EVERY_MS + subject.staggerMs;
      const { device, encounter } = state;
      const receivedAt = Math.floor(at);
      const where = { unit, bed, device, encounter };
      const record: AlarmRecord = { kind: 'alarm', receivedAt, ...where, inputs, events, stamps: [], checkpoint };
      return {
        records: hasHappened || checkpoint ? [record] : [],
        checkpoint: encodeState(subject),
        say: events.length + stored.length > 0 || isOtherOxygen ? sayer(subject, { events, stored }) : ignore,
      };
    },
    said: (subject) => said.get(subject) ?? NOTHING,
    remember(subject) {
      said.set(subject, nowOf(subject));
      oxygens.set(subject, oxygenOf(subject));
    },
  };
};

const ignore = (): void => {};
