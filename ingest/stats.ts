import { REJECT_REASONS, type RejectReason } from '#contracts/mqtt/messages.ts';
import type { Channel } from '#contracts/mqtt/topics.ts';

/** Plain numbers: the hot path adds to them, whoever publishes metrics reads them. */
export type IngestStats = {
  readonly publications: Record<Channel, number>;
  readonly rejected: Record<RejectReason, number>;
  readings: number;
  waveBlocks: number;
  late: number;
  storedReadings: number;
  storedRows: number;
  corrections: number;
  databaseFailures: number;
  /** How often our own clock was put forward or back. */
  clockSteps: number;
  /** Rejections counted and acknowledged but not kept, because the device sends too many of them. */
  rejectsNotKept: number;
};

export const createIngestStats = (): IngestStats => ({
  publications: { vitals: 0, waves: 0, status: 0, alarms: 0 },
  rejected: Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 0])) as Record<RejectReason, number>,
  readings: 0,
  waveBlocks: 0,
  late: 0,
  storedReadings: 0,
  storedRows: 0,
  corrections: 0,
  databaseFailures: 0,
  clockSteps: 0,
  rejectsNotKept: 0,
});
