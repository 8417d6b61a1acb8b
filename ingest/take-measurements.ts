import type { DeviceMessage } from '#contracts/ports/intake.ts';
import { firstMessageFrom, readMoment, writeMoment } from '#domain/moment.ts';
import type { Arrivals } from './arrivals.ts';
import type { Decision } from './decision.ts';
import type { Live } from './live/live.ts';
import type { Measurements } from './measuring.ts';
import type { Block, JournalRecord, Source } from './record.ts';
import type { Refuse } from './refusing.ts';
import type { Timed, Timing } from './timing.ts';

/** What came of a message. */
export type Taken = { readonly records: readonly JournalRecord[]; readonly decision?: Decision | undefined };

export type TakeMeasurementsDependencies = {
  readonly arrivals: Arrivals;
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

/** Takes in a message of a channel that measures: shows it, and has the alarms decide. */
export const takeMeasurements = <Kind extends 'vitals' | 'waves', Item>(
  { arrivals, timing, live, refuse }: TakeMeasurementsDependencies,
  { kind, decode, count, show, lastsMs, decide }: Measurements<Kind, Item>,
  given: DeviceMessage,
): Taken => {
  const { messages, faults } = decode(given.payload);
  const allFaults = [...faults];
  const { device, isRepeat } = given;
  const arrived = kind === 'vitals' ? arrivals.next(device, given.receivedAt) : readMoment(given.receivedAt);
  const heard = { device, channel: kind, receivedAt: writeMoment(arrived), isRepeat };
  const clockStepMs = timing.hear(heard, messages);
  // That a clock was put right is an input before the message that shows it, and after the one before.
  const moment = clockStepMs === 0 ? arrived : firstMessageFrom(arrived);
  if (kind === 'vitals') arrivals.note(device, moment);
  const receivedAt = writeMoment(moment);
  const arrival = clockStepMs === 0 ? heard : { ...heard, receivedAt };
  const timed = messages.map((message) => timing.time(arrival, message, lastsMs(message.items), allFaults));
  for (const { block, source, shownAt } of timed) {
    count(block);
    if (clockStepMs !== 0 && source.bed !== null) live.rewind(source.bed, shownAt);
    if (!block.late && source.bed !== null) show(source.bed, shownAt, block.items);
  }
  const message = { ...given, receivedAt };
  const records = group(timed).map(({ source, blocks }) => ({ kind, receivedAt, source, blocks }) as JournalRecord);
  return {
    records: records.concat(refuse(message, allFaults)),
    decision: decide(message, timed, clockStepMs),
  };
};
