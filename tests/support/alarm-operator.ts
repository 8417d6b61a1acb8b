import { z } from 'zod';
import { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import type { Random } from '../../simulators/random.ts';
import type { TestStation } from './station.ts';

/**
 * Somebody who acknowledges, resets and pauses whatever there is, as fast as the station answers, and remembers what
 * was confirmed: that must be there whatever happens to the station afterwards.
 */
export type AlarmOperator = {
  /** The alarms as they were when their acknowledgement was confirmed, by id. */
  readonly acknowledged: ReadonlyMap<string, Alarm>;
  readonly counts: () => { readonly acknowledged: number; readonly reset: number; readonly paused: number };
  /** Called right after each confirmation. */
  readonly onConfirmed: (listener: () => void) => void;
  /** What is confirmed and not what the station says now, in words; to be asked when nothing is being asked. */
  readonly broken: () => Promise<string[]>;
  /** Resolves when nothing is being asked. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
};

const Active = z.object({
  beds: z.array(z.object({ bed: z.string(), alarms: z.array(Alarm), inactivations: z.array(Inactivation) })),
});
type Active = z.infer<typeof Active>;

/** As long as settings allow, and longer than any test on a slow machine. */
export const PAUSE_MS = 600_000;
const EVERY_MS = 40;

const PAUSES = [
  { what: 'audio-paused', kind: null, durationMs: PAUSE_MS },
  { what: 'alarm-paused', kind: 'spo2-low', durationMs: PAUSE_MS },
  { what: 'alarm-off', kind: 'heart-rate-high' },
] as const;

export const createAlarmOperator = async (station: TestStation, random: Random): Promise<AlarmOperator> => {
  const authorization = `Bearer ${await station.token('operator')}`;
  const acknowledged = new Map<string, Alarm>();
  /** By bed and pause: whether it is there, as far as that was confirmed; undefined: asked, and not known. */
  const paused = new Map<string, boolean | undefined>();
  const counts = { acknowledged: 0, reset: 0, paused: 0 };
  let listener = (): void => {};
  let working: Promise<void> | undefined;
  let isWanted = false;

  const oneOf = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random.next() * items.length)];

  const ask = async (method: string, path: string, body?: object): Promise<Response | undefined> => {
    const headers = { authorization, ...(body ? { 'content-type': 'application/json' } : {}) };
    const signal = AbortSignal.timeout(5_000);
    const text = body ? { body: JSON.stringify(body) } : {};
    // Killed in the middle of it: nothing was confirmed.
    return fetch(`${station.addresses().http}/api/v1/${path}`, { method, headers, signal, ...text }).catch(
      () => undefined,
    );
  };
  const confirmed = async (method: string, path: string, body?: object): Promise<boolean> => {
    const isDone = (await ask(method, path, body))?.status === 204;
    if (isDone) listener();
    return isDone;
  };
  const active = async (): Promise<Active | undefined> => {
    const response = await ask('GET', 'alarms/active?unit=icu');
    return response?.ok ? Active.parse(await response.json().catch(() => ({ beds: [] }))) : undefined;
  };

  const answer = async (alarm: Alarm): Promise<void> => {
    if (alarm.state === 'latched' && random.chance(0.7)) {
      if (await confirmed('POST', `alarms/${alarm.id}/reset`)) counts.reset++;
    } else if (!alarm.acknowledged && (await confirmed('POST', `alarms/${alarm.id}/acknowledge`))) {
      acknowledged.set(alarm.id, alarm);
      counts.acknowledged++;
    }
  };
  const togglePause = async (bed: string): Promise<void> => {
    const { what, kind, ...rest } = random.pick<(typeof PAUSES)[number]>(PAUSES);
    const key = `${bed} ${what} ${kind}`;
    const isOn = paused.get(key) !== true;
    paused.set(key, undefined);
    const path = `beds/${bed}/inactivations`;
    const query = `?what=${what}${kind === null ? '' : `&kind=${kind}`}`;
    const isDone = isOn
      ? await confirmed('POST', path, { what, kind, ...rest })
      : await confirmed('DELETE', `${path}${query}`);
    if (!isDone) return;
    paused.set(key, isOn);
    counts.paused++;
  };

  const work = async (): Promise<void> => {
    while (isWanted) {
      const beds = (await active())?.beds ?? [];
      const alarms = beds.flatMap((one) => one.alarms);
      // What is latched does not wait for long.
      const alarm = oneOf(alarms.filter(({ state }) => state === 'latched')) ?? oneOf(alarms);
      const bed = oneOf(beds);
      if (alarm && random.chance(0.7)) await answer(alarm);
      else if (bed) await togglePause(bed.bed);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };

  return {
    acknowledged,
    counts: () => counts,
    onConfirmed(next) {
      listener = next;
    },
    async broken() {
      const { beds } = (await active()) ?? { beds: [] };
      const words: string[] = [];
      for (const alarm of beds.flatMap((bed) => bed.alarms)) {
        const then = acknowledged.get(alarm.id);
        // Worse, or back: that takes it back (E2).
        const isTheSame = then?.condition === alarm.condition && then.recurrences === alarm.recurrences;
        if (isTheSame && !alarm.acknowledged) words.push(`${alarm.id} is not acknowledged any more`);
      }
      for (const [key, isOn] of paused) {
        if (isOn === undefined) continue;
        const is = beds.some(({ bed, inactivations }) =>
          inactivations.some(({ what, kind }) => `${bed} ${what} ${kind}` === key),
        );
        if (is !== isOn) words.push(`${key} is ${is ? 'there again' : 'gone'}`);
      }
      return words;
    },
    async pause() {
      isWanted = false;
      await working;
      working = undefined;
    },
    resume() {
      isWanted = true;
      working ??= work();
    },
  };
};
