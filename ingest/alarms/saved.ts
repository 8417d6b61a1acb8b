import { isDeepStrictEqual } from 'node:util';
import type { Checkpoint, Journal } from '#contracts/ports/journal.ts';
import { step } from '#domain/alarms/engine.ts';
import { FORMAT, readConfig, UnreadableFormatError } from '#domain/alarms/formats/upcast.ts';
import { presetV1 } from '#domain/alarms/formats/v1.ts';
import type { OnUnknown } from '#domain/alarms/formats/written.ts';
import { writeConfig, writeState } from '#domain/alarms/formats/written.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { isBefore, type Moment, readMoment } from '#domain/moment.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { coerceError } from '#platform/errors.ts';
import { configText } from '../formats/config-text.ts';
import { decodeRecord, decodeState, type SavedState } from '../formats/upcast.ts';
import { isMonitorKey } from '../monitor-alarms/key.ts';
import type { JournalRecord } from '../record.ts';
import type { Subject } from './subject.ts';

/** The engine's state on disk, with the settings in force, so that after a crash it is known what was announced, and why. */

/** Beds share their settings, saved or in force: at a start each pair of them is compared once and not for each bed. */
const comparisons = new WeakMap<AlarmConfig, WeakMap<AlarmConfig, boolean>>();

/** Whether two configurations decide the same: what is written of one that was read leaves out what decides nothing. */
export const isSameConfig = (one: AlarmConfig, other: AlarmConfig): boolean => {
  const withOthers = comparisons.get(one) ?? new WeakMap<AlarmConfig, boolean>();
  comparisons.set(one, withOthers);
  const isSame = withOthers.get(other) ?? isDeepStrictEqual(writeConfig(one), writeConfig(other));
  withOthers.set(other, isSame);
  return isSame;
};

export const encodeState = ({ key, state, config }: Pick<Subject, 'key' | 'state' | 'config'>): Checkpoint => {
  const text = `{"version":${FORMAT},"state":${JSON.stringify(writeState(state))},"config":${configText(config)}}`;
  return { key, value: Buffer.from(text) };
};

/** Release 0.1.0 did not write down by which settings: they follow from its presets. */
export const FIRST_PRESETS: Readonly<Record<AgeGroup, AlarmConfig>> = {
  adult: readConfig(presetV1('adult'), 1),
  paediatric: readConfig(presetV1('paediatric'), 1),
  neonatal: readConfig(presetV1('neonatal'), 1),
};

export type OnUnreadable = (what: { readonly subject: string | null; readonly bytes: Buffer }, cause: Error) => void;

/**
 * The saved states, by subject. A state that cannot be read is handed to `onUnreadable` and left out: that bed begins
 * anew.
 */
export const readStates = async (
  checkpoints: AsyncIterable<Checkpoint>,
  onUnreadable: OnUnreadable,
  onUnknown: (subject: string) => OnUnknown,
): Promise<Map<string, SavedState>> => {
  const states = new Map<string, SavedState>();
  for await (const { key, value } of checkpoints) {
    if (isMonitorKey(key)) continue;
    try {
      states.set(key, decodeState(value, onUnknown(key)));
    } catch (error) {
      if (!(error instanceof UnreadableFormatError)) throw error;
      onUnreadable({ subject: key, bytes: value }, error);
    }
  }
  return states;
};

/**
 * This is far more than could be on its way when the station ended: older messages were acknowledged and do not come
 * again.
 */
const TAIL_SEGMENTS = 64;
const TAIL_BYTES = 64 * 2 ** 20;

/** undefined: nobody can read it. It is still in the journal, and the writer sets it aside. */
const tryDecode = (bytes: Buffer, onUnreadable: OnUnreadable): JournalRecord | undefined => {
  try {
    return decodeRecord(bytes);
  } catch (error) {
    onUnreadable({ subject: null, bytes }, coerceError(error));
    return undefined;
  }
};

/** The newest flushed records, the oldest first. What cannot be read is handed to `onUnreadable` and left out. */
export const readTail = async (journal: Journal, onUnreadable: OnUnreadable): Promise<JournalRecord[]> => {
  const tail = await journal.read(Math.max(0, journal.lastStored() - TAIL_SEGMENTS), TAIL_BYTES);
  const records: JournalRecord[] = [];
  for (const { bytes } of tail?.entries ?? []) {
    const record = tryDecode(bytes, onUnreadable);
    if (record) records.push(record);
  }
  return records;
};

/**
 * Brings the subjects up to the newest flushed reading. It decides nothing, for all that was decided came with a state;
 * but a device whose acknowledgement was lost sends a reading again, and the engine must know that it is no news. What
 * arrived before the newest that the state knows of is in it: fed again, a reading that was corrected would be news.
 */
export const replayTail = (tail: readonly JournalRecord[], subjectOf: (bed: string) => Subject | undefined): void => {
  const knownUntil = new Map<Subject, Moment>();
  for (const record of tail) {
    if (record.kind !== 'vitals' || record.source.bed === null) continue;
    const subject = subjectOf(record.source.bed);
    const { device } = record.source;
    if (!subject?.state.devices.some(({ id }) => id === device)) continue;
    const until = knownUntil.get(subject) ?? readMoment(subject.state.at);
    knownUntil.set(subject, until);
    if (isBefore(readMoment(record.receivedAt), until)) continue;
    for (const { late, time, items } of record.blocks) {
      if (late) continue;
      const { state } = step(
        subject.state,
        { type: 'vitals', at: record.receivedAt, device, time, readings: items },
        subject.config,
      );
      // By settings other than those of then the engine might decide something: the next reading decides it.
      if (state.revision === subject.state.revision) subject.state = state;
    }
  }
};
