import type { VitalInput } from '#contracts/mqtt/messages.ts';
import type { VitalId } from '#domain/vitals.ts';
import { inUnit, type Meaning, type Unusable } from './columns.ts';
import { createLedger } from './ledger.ts';
import { type SmallRecording, spanOf } from './recording.ts';

/** A value of a table in which each row is one value, or a few, with a time: they are gathered by their moments. */
export type Cell = {
  readonly from: string;
  /** What signals of one source have in common; left out: the signal is a source of its own. */
  readonly source?: string;
  readonly unit: string | undefined;
  readonly found: Meaning<VitalId> | Unusable;
  /** `null`: the sensor had no value. */
  readonly value: number | null;
  readonly atMs: number;
};

/**
 * Gathers values to a recording. Of two signals of one vital the first is taken in the whole recording, so that two sources
 * never mix; of two values of one signal at one moment the last.
 */
export const createMoments = (name: string, format: string) => {
  const ledger = createLedger();
  const owners = new Map<VitalId, string>();
  const moments = new Map<number, Partial<Record<VitalId, VitalInput>>>();
  const add = ({ from, unit, found, value, atMs, source = from }: Cell): void => {
    const values = value === null ? 0 : 1;
    if ('why' in found) {
      ledger.leaveOut(from, unit, found.why, values);
      return;
    }
    const owner = owners.get(found.id) ?? source;
    if (owner !== source) {
      ledger.leaveOut(from, unit, `a second ${found.id}, beside ${owner}`, values);
      return;
    }
    owners.set(found.id, source);
    ledger.map(from, unit, found.id, values);
    const at = Math.round(atMs) + 0;
    const moment = moments.get(at) ?? {};
    moment[found.id] = inUnit(value, found.unit);
    moments.set(at, moment);
  };
  return {
    add,
    /** Counts a value that cannot be used, whatever its signal is. */
    leaveOut: (from: string, unit: string | undefined, why: string): void => ledger.leaveOut(from, unit, why, 1),
    finish(): SmallRecording {
      const frames = [...moments].map(([atMs, vitals]) => ({ atMs, vitals })).sort((a, b) => a.atMs - b.atMs);
      return { name, format, mapped: ledger.mapped(), skipped: ledger.skipped(), span: spanOf(frames), frames };
    },
  };
};
