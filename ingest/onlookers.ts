import type { MessageFate } from '#contracts/http/message-fate.ts';
import type { DeviceWatch } from '#contracts/ports/device-watch.ts';
import type { DeviceMessage, MisplacedMessage } from '#contracts/ports/intake.ts';
import type { Devices } from './devices.ts';
import { fateOf, fateOfMisplaced } from './fates.ts';
import type { Fault } from './fault.ts';
import type { Intervals } from './intervals.ts';
import type { JournalRecord, VitalsRecord } from './record.ts';
import type { Registry } from './registry.ts';
import type { Rhythms } from './rhythms.ts';
import type { Taken } from './take-measurements.ts';

/** Who looks at single devices: how often each is heard, always; and what becomes of its messages, while somebody asks. */
export type Onlookers = DeviceWatch & {
  /** Must be called for each message of a device. `isStored` false: there is no room, and it will come again. */
  readonly took: (message: DeviceMessage, taken: Taken, isStored: boolean) => void;
  /** Must be called for each message on a topic where its device may not publish. */
  readonly refused: (message: Omit<MisplacedMessage, 'reason' | 'detail'>, fault: Fault) => void;
};

export type OnlookersDependencies = {
  readonly registry: () => Registry;
  readonly rhythms: Rhythms;
  readonly devices: Pick<Devices, 'clockOf' | 'linkOf'>;
  readonly intervals: Pick<Intervals, 'of'>;
  readonly now: () => number;
};

type Listener = (fate: MessageFate) => void;

const isVitals = (record: JournalRecord): record is VitalsRecord => record.kind === 'vitals';

/** Whole milliseconds, as they are told. */
const rounded = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms);

const createRhythmOf =
  ({ registry, rhythms, devices, intervals, now }: OnlookersDependencies): DeviceWatch['rhythm'] =>
  async (device) => {
    if (!registry().device(device)) return undefined;
    const at = Math.round(now());
    const { boot, seq, arrivals, gaps, boots, minutes } = rhythms.of(device, at);
    const { offsetMs, isSteady, isProven } = devices.clockOf(device);
    const { since, lostAt } = devices.linkOf(device);
    return {
      at,
      interval: intervals.of(device),
      clock: { offsetMs: rounded(offsetMs), isSteady, isProven },
      link: { since: rounded(since), lostAt: rounded(lostAt) },
      boot: boot === '' ? null : boot,
      seq: seq < 0 ? null : seq,
      arrivals: arrivals.map(Math.round),
      gaps: gaps.map(({ at, missing }) => ({ at: Math.round(at), missing })),
      boots: boots.map(Math.round),
      minutes: minutes.map((minute) => ({ ...minute, longestMs: Math.round(minute.longestMs) })),
    };
  };

export const createOnlookers = (deps: OnlookersDependencies): Onlookers => {
  const { rhythms } = deps;
  const listeners = new Map<string, Set<Listener>>();

  const tell = (followers: ReadonlySet<Listener>, fate: MessageFate): void => {
    for (const listener of followers) listener(fate);
  };

  // This runs for every message: what nobody follows costs a look into a map that is nearly always empty.
  const hear = ({ device, receivedAt }: DeviceMessage, { records }: Taken): void => {
    const first = records.find(isVitals)?.blocks[0];
    const last = records.findLast(isVitals)?.blocks.at(-1);
    rhythms.heard(device, receivedAt, last?.boot ?? '', first?.seq ?? -1, last?.seq ?? -1);
  };

  return {
    took(message, taken, isStored) {
      if (isStored && message.channel === 'vitals') hear(message, taken);
      const followers = listeners.size === 0 ? undefined : listeners.get(message.device);
      if (followers) tell(followers, fateOf(message, taken, isStored));
    },
    refused(message, fault) {
      const followers = listeners.get(message.device);
      if (followers) tell(followers, fateOfMisplaced(message, fault));
    },
    rhythm: createRhythmOf(deps),
    follow(device, listener) {
      const followers = listeners.get(device) ?? new Set<Listener>();
      listeners.set(device, followers.add(listener));
      return () => {
        followers.delete(listener);
        if (followers.size === 0 && listeners.get(device) === followers) listeners.delete(device);
      };
    },
  };
};
