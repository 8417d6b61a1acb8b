import type { TickEvent } from '#domain/alarms/alarm.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { compareByMoment } from '#domain/moment.ts';
import type { Database } from '#platform/database.ts';
import { storedUntil } from './caveats.ts';
import type { Checkpoint, StoredInput } from './replay.ts';
import { findCheckpoint, findConfig, findResumed, readInputs, type Subject } from './stored.ts';

/**
 * All that decided in a range, except the readings. Nothing happens by itself while the station is away: before each of
 * its starts stands a tick at the moment when it was last known to run, and another at the end of the range.
 */
export type Past = {
  readonly from: Checkpoint;
  readonly config: AlarmConfig;
  readonly inputs: readonly (StoredInput | TickEvent)[];
};

/** The newest event may itself be what was due at that moment. */
const JUST_AFTER_MS = 1;

/** Signs of life up to so long after the end still show that the station ran until the end. */
const NEAR_MS = 10_000;

/** undefined: neither the state nor the settings of that time are known. */
export const readPast = async (
  database: Database,
  subject: Subject,
  fromMs: number,
  toMs: number,
): Promise<Past | undefined> => {
  const from = await findCheckpoint(database, subject, fromMs);
  if (!from || from.at >= toMs) return undefined;
  const config = (await findConfig(database, subject, from.at)) ?? from.config;
  if (!config) return undefined;
  const lastSign = async (beforeMs: number): Promise<TickEvent> => {
    const at = (await storedUntil(database, subject, beforeMs)) + JUST_AFTER_MS;
    return { type: 'tick', at: Math.max(from.at, at) };
  };
  const inputs: (StoredInput | TickEvent)[] = [];
  for (const input of await readInputs(database, subject, from, toMs)) {
    if (input.type === 'resumed') inputs.push(await lastSign(input.at));
    inputs.push(input);
  }
  const next = await findResumed(database, subject, toMs);
  const end = Math.min(toMs, (await lastSign(Math.min(next ?? Number.POSITIVE_INFINITY, toMs + NEAR_MS))).at);
  inputs.push({ type: 'tick', at: end });
  return { from, config, inputs: inputs.sort(compareByMoment) };
};
