import { type DeviceFacts, newsFor } from './device-facts.ts';
import type { Inbox } from './inbox.ts';
import { createMissing } from './missing.ts';
import type { Subjects } from './subjects.ts';

/** What is known of each device beside its readings, on its way to the engine of its bed. */
export type Devices = {
  readonly change: (device: string, facts: DeviceFacts) => void;
  /** Must be called for each vitals message that has a number, late or not. */
  readonly sequence: (device: string, boot: string, seq: number, at: number) => void;
  /** Gives up messages that will not come any more. To be called about every second. */
  readonly expire: () => void;
  readonly factsOf: (device: string | null) => DeviceFacts;
};

const NONE: DeviceFacts = {};

export const createDevices = ({
  subjects: { beds },
  inbox,
  now,
  bedOf,
}: {
  subjects: Subjects;
  inbox: Pick<Inbox, 'put'>;
  now: () => number;
  /** Where a device is now. */
  bedOf: (device: string) => string | null;
}): Devices => {
  const facts = new Map<string, DeviceFacts>();

  const change = (device: string, changed: DeviceFacts): void => {
    facts.set(device, { ...facts.get(device), ...changed });
    const subject = beds.get(bedOf(device) ?? '');
    if (!subject) return;
    // While something waits to be taken, the state does not yet show what will be news.
    const isCertain = subject.waiting.length === 0;
    const input = isCertain ? newsFor(subject, device, changed) : { type: 'device' as const, device, ...changed };
    if (input) inbox.put(subject, input);
  };

  const missing = createMissing({ onChange: (device, count) => change(device, { missing: count }) });

  return {
    change,
    sequence: missing.observe,
    expire: () => missing.expire(now()),
    factsOf: (device) => facts.get(device ?? '') ?? NONE,
  };
};
