import type { DeviceMessage } from '#contracts/ports/intake.ts';
import type { Fault } from './fault.ts';
import type { Hearing } from './hearing.ts';
import type { JournalRecord } from './record.ts';
import type { Rejects } from './rejects.ts';

/** Makes records of the faults of a message, and notes that its device was heard. */
export type Refuse = (message: DeviceMessage, faults: readonly Fault[]) => readonly JournalRecord[];

const NOTHING: readonly JournalRecord[] = [];

export const createRefuse =
  ({ hearing, rejects }: { hearing: Pick<Hearing, 'heard'>; rejects: Rejects }): Refuse =>
  (message, faults) => {
    if (faults.length === 0) return NOTHING;
    hearing.heard(message.device, 'refused', message.receivedAt);
    return rejects.recordsOf({ ...message, faults });
  };
