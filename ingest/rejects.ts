import type { RejectReason } from '#contracts/mqtt/messages.ts';
import type { Fault } from './fault.ts';
import type { RejectRecord } from './record.ts';
import type { IngestStats } from './stats.ts';

/**
 * What is refused is acknowledged, counted and kept, so that a poison message never blocks a bed and its sender can be
 * helped. A device that sends nothing else must not fill the disk either: past a bound an hour it is only counted.
 */

const KEPT_PAYLOAD_BYTES = 1_024;
const KEPT_DETAILS = 3;
const KEPT_AN_HOUR = 5_000;
const HOUR_MS = 3_600_000;

export type Refused = {
  readonly topic: string;
  readonly device: string;
  readonly payload: Uint8Array;
  readonly receivedAt: number;
  readonly faults: readonly Fault[];
};

export type Rejects = {
  /** One record for each reason, or none when the device has used up its hour. */
  readonly recordsOf: (refused: Refused) => RejectRecord[];
};

const summarise = (details: readonly string[]): string => {
  const more = details.length - KEPT_DETAILS;
  return details.slice(0, KEPT_DETAILS).join('; ') + (more > 0 ? `; and ${more} more` : '');
};

export const createRejects = ({ stats }: { stats: IngestStats }): Rejects => {
  const kept = new Map<string, { hour: number; count: number }>();

  const mayKeep = (device: string, at: number): boolean => {
    const hour = Math.floor(at / HOUR_MS);
    const known = kept.get(device);
    const count = known?.hour === hour ? known.count : 0;
    kept.set(device, { hour, count: count + 1 });
    return count < KEPT_AN_HOUR;
  };

  return {
    recordsOf({ topic, device, payload, receivedAt, faults }) {
      const byReason = new Map<RejectReason, string[]>();
      for (const { reason, detail } of faults) {
        stats.rejected[reason]++;
        const details = byReason.get(reason);
        if (details) details.push(detail);
        else byReason.set(reason, [detail]);
      }
      const records: RejectRecord[] = [];
      for (const [reason, details] of byReason) {
        if (!mayKeep(device, receivedAt)) {
          stats.rejectsNotKept++;
          continue;
        }
        records.push({
          kind: 'reject',
          receivedAt,
          topic: topic.slice(0, 256),
          device,
          reason,
          detail: summarise(details),
          payload: payload.subarray(0, KEPT_PAYLOAD_BYTES),
          payloadBytes: payload.length,
        });
      }
      return records;
    },
  };
};
