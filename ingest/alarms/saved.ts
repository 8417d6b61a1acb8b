import { z } from 'zod';
import { step } from '#domain/alarms/engine.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import type { Checkpoint, Journal } from '../journal.ts';
import { decodeRecord } from '../record.ts';
import type { Subject } from './subject.ts';

/** The engine's state on disk, so that after a crash it is known what was said. */

/** To be raised when the shape of the state changes, or the order of the catalogue. */
const VERSION = 1;

const Saved = z.object({
  version: z.literal(VERSION),
  state: z.custom<AlarmState>(
    (state) =>
      z.object({ subject: z.string(), vitals: z.array(z.unknown()).length(VITAL_IDS.length) }).safeParse(state).success,
  ),
});

export const encodeState = ({ key, state }: Subject): Checkpoint => ({
  key,
  value: Buffer.from(JSON.stringify({ version: VERSION, state })),
});

/** By subject. Those of another version are handed to `onUnreadable` and left out: that bed begins anew. */
export const readStates = (
  checkpoints: Iterable<Checkpoint>,
  onUnreadable: (key: string) => void,
): Map<string, AlarmState> => {
  const states = new Map<string, AlarmState>();
  for (const { key, value } of checkpoints) {
    try {
      states.set(key, Saved.parse(JSON.parse(value.toString('utf8'))).state);
    } catch {
      onUnreadable(key);
    }
  }
  return states;
};

/** Far more than what could be on its way when the station ended: what is older was acknowledged, and comes no more. */
const TAIL_SEGMENTS = 64;
const TAIL_BYTES = 64 * 2 ** 20;

/**
 * Brings the subjects up to the newest flushed reading. It decides nothing, for all that was decided came with a state;
 * but a device whose acknowledgement was lost sends a reading again, and the engine must know that it is no news. What
 * arrived before the newest that the state knows of is in it: fed again, a reading that was corrected would be news.
 */
export const replayTail = (journal: Journal, subjectOf: (bed: string) => Subject | undefined): void => {
  const knownUntil = new Map<Subject, number>();
  const tail = journal.read(Math.max(0, journal.lastStored() - TAIL_SEGMENTS), TAIL_BYTES);
  for (const { bytes } of tail?.entries ?? []) {
    const record = decodeRecord(bytes);
    if (record.kind !== 'vitals' || record.source.bed === null) continue;
    const subject = subjectOf(record.source.bed);
    if (!subject || subject.state.device !== record.source.device) continue;
    const until = knownUntil.get(subject) ?? subject.state.at;
    knownUntil.set(subject, until);
    if (record.receivedAt < until) continue;
    for (const { late, time, items } of record.blocks) {
      if (late) continue;
      const { state } = step(
        subject.state,
        { type: 'vitals', at: record.receivedAt, time, readings: items },
        subject.config,
      );
      // By other settings than then it might decide something: it is left to what comes.
      if (state.revision === subject.state.revision) subject.state = state;
    }
  }
};
