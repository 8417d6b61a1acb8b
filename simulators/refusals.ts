import { z } from 'zod';
import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { createStationApi, StationRefusal } from './station-api.ts';

/** What the station refused of a device, as it keeps it: an acknowledgement alone does not say that anything was stored. */
export type Refusal = { readonly reason: string; readonly count: number; readonly example: string };

const Rejected = z.array(z.object({ receivedAt: z.string(), reason: z.string(), detail: z.string() }));

const MAX_ROWS = 1_000;
const LOOK_EVERY_MS = 250;
/** Refusals are in the database soon after they are acknowledged. */
const LOOKS = 20;

/** A row names up to three faults and counts the others. */
const faultsOf = (detail: string): number => {
  const parts = detail.split('; ');
  const [, more] = /^and (\d+) more$/.exec(parts.at(-1) ?? '') ?? [];
  return more === undefined ? parts.length : parts.length - 1 + Number(more);
};

const summarise = (rows: z.infer<typeof Rejected>): Refusal[] => {
  const byReason = new Map<string, Refusal>();
  for (const { reason, detail } of rows) {
    const count = (byReason.get(reason)?.count ?? 0) + faultsOf(detail);
    byReason.set(reason, { reason, count, example: byReason.get(reason)?.example ?? detail });
  }
  return [...byReason.values()];
};

/**
 * What was refused of the devices since that moment, once the list no longer grows; undefined when the station does not tell.
 * It looks at the last thousand rows of each device.
 */
export const readRefusals = async ({
  stationUrl,
  token,
  devices,
  since,
  signal,
  clock = systemClock,
}: {
  stationUrl: string;
  token: string;
  devices: readonly string[];
  /** Epoch milliseconds of this machine's clock. */
  since: number;
  signal?: AbortSignal | undefined;
  clock?: Clock;
}): Promise<ReadonlyMap<string, readonly Refusal[]> | undefined> => {
  const api = createStationApi({ url: stationUrl, token, signal });
  const read = async (device: string) => {
    const rows = await api.request(Rejected, 'GET', `rejected?device=${encodeURIComponent(device)}&limit=${MAX_ROWS}`);
    return rows.filter(({ receivedAt }) => Date.parse(receivedAt) >= since);
  };
  try {
    let before = -1;
    for (let look = 0; ; look++) {
      const rows = await Promise.all(devices.map(read));
      const count = rows.reduce((sum, { length }) => sum + length, 0);
      if (count === before || look === LOOKS) {
        return new Map(devices.map((device, index) => [device, summarise(rows[index] ?? [])]));
      }
      before = count;
      await sleep(LOOK_EVERY_MS, signal, clock);
    }
  } catch (error) {
    if (error instanceof StationRefusal || signal?.aborted) return undefined;
    throw error;
  }
};
