import type { DeviceMessage } from '#contracts/ports/intake.ts';
import { firstMessageFrom, readMoment, writeMoment } from '#domain/moment.ts';
import type { Arrivals } from './arrivals.ts';
import type { Decision } from './decision.ts';
import type { Status } from './decode.ts';
import type { Fault } from './fault.ts';
import type { Live } from './live/live.ts';
import type { Measurements } from './measuring.ts';
import type { Block, JournalRecord, Source } from './record.ts';
import type { Refuse } from './refusing.ts';
import type { Registry } from './registry.ts';
import type { Timed, Timing } from './timing.ts';

/** What came of a message. */
export type Taken = {
  readonly records: readonly JournalRecord[];
  /** All that was refused of it, also what is not kept. */
  readonly faults: readonly Fault[];
  readonly decision?: Decision | undefined;
  readonly status?: Status | undefined;
};

export type TakeMeasurementsDependencies = {
  readonly arrivals: Arrivals;
  readonly registry: () => Pick<Registry, 'bedOf'>;
  readonly timing: Timing;
  readonly live: Pick<Live, 'rewind'>;
  readonly refuse: Refuse;
};

/** Neighbours with one source become one record. */
const group = <Item>(timed: readonly Timed<Item>[]): { source: Source; blocks: Block<Item>[] }[] => {
  const groups: { source: Source; blocks: Block<Item>[] }[] = [];
  for (const { block, source } of timed) {
    const last = groups.at(-1);
    if (last?.source === source) last.blocks.push(block);
    else groups.push({ source, blocks: [block] });
  }
  return groups;
};

/** Where the order of arrival counts: at a bed, whose alarms must be recomputed in it. */
const placeOf = ({ registry }: TakeMeasurementsDependencies, { device, receivedAt }: DeviceMessage): string =>
  registry().bedOf(device, receivedAt) ?? device;

/** Takes in a message of a channel that measures: shows it, and has the alarms decide. */
export const takeMeasurements = <Kind extends 'vitals' | 'waves', Item>(
  deps: TakeMeasurementsDependencies,
  { kind, decode, count, choose, show, lastsMs, decide }: Measurements<Kind, Item>,
  given: DeviceMessage,
): Taken => {
  const { arrivals, timing, live, refuse } = deps;
  const { messages, faults } = decode(given.payload);
  const allFaults = [...faults];
  const { device, isRepeat } = given;
  const place = kind === 'vitals' ? placeOf(deps, given) : device;
  const arrived = kind === 'vitals' ? arrivals.next(place, given.receivedAt) : readMoment(given.receivedAt);
  const heard = { device, channel: kind, receivedAt: writeMoment(arrived), isRepeat };
  const clockStepMs = timing.hear(heard, messages);
  // That a clock was put right is an input before the message that shows it, and after the one before.
  const stepped = clockStepMs === 0 ? arrived : firstMessageFrom(arrived);
  const arrival = clockStepMs === 0 ? heard : { ...heard, receivedAt: writeMoment(stepped) };
  const timed = messages.map((message) => timing.time(arrival, message, lastsMs(message.items), allFaults));
  // So it is with a vital that the device takes over.
  const takeOver = choose(device, arrival.receivedAt, timed);
  const moment = takeOver ? firstMessageFrom(stepped) : stepped;
  if (kind === 'vitals') arrivals.note(place, moment);
  const receivedAt = writeMoment(moment);
  const message = { ...given, receivedAt };
  takeOver?.(receivedAt);
  for (const { block, source, shownAt } of timed) {
    count(block);
    if (clockStepMs !== 0 && source.bed !== null) live.rewind(source.bed, device, shownAt);
    if (!block.late && source.bed !== null) show(source.bed, device, shownAt, block.items);
  }
  const records = group(timed).map(({ source, blocks }) => ({ kind, receivedAt, source, blocks }) as JournalRecord);
  return {
    records: records.concat(refuse(message, allFaults)),
    faults: allFaults,
    decision: decide(message, timed, clockStepMs),
  };
};
