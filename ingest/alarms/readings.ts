import type { Block, Reading } from '../record.ts';
import type { Decision, Decisions } from './decisions.ts';
import { feed, takeBefore, takeWaiting } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** Feeds the engine of a bed with readings, and decides at once what comes of them. */
export type Readings = {
  readonly take: (
    bed: string,
    device: string,
    at: number,
    blocks: readonly Block<Reading>[],
    clockStepMs?: number,
  ) => Decision | undefined;
};

const byTime = (one: Block<Reading>, other: Block<Reading>): number => one.time - other.time;

export const createReadings = ({
  subjects: { beds },
  decisions,
}: {
  subjects: Subjects;
  decisions: Pick<Decisions, 'decide'>;
}): Readings => ({
  // This runs for every message, so it makes no function and no object that it does not need.
  take(bed, device, at, blocks, clockStepMs = 0) {
    const subject = beds.get(bed);
    if (!subject) return undefined;
    takeWaiting(subject, at);
    if (clockStepMs !== 0) takeBefore(subject, at, { type: 'device', device, clockStepMs });
    const ordered = blocks.length > 1 ? [...blocks].sort(byTime) : blocks;
    for (const { time, items } of ordered) feed(subject, { type: 'vitals', at, device, time, readings: items });
    return decisions.decide(subject, at);
  },
});
