import { expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createInbox } from '../../../ingest/alarms/inbox.ts';
import { createSubject, type Subject } from '../../../ingest/alarms/subject.ts';

const subjectOf = (bed: string): Subject => createSubject({ bed, unit: 'icu', config: PRESETS.adult, staggerMs: 0 });

/** A clock on which to look after one bed takes `eachMs`. */
const setUp = (eachMs: number) => {
  const settled: string[] = [];
  let elapsedMs = 0;
  let next: (() => void) | undefined;
  const inbox = createInbox({
    clock: {
      now: () => 1_000_000 + elapsedMs,
      elapsed: () => elapsedMs,
      after(ms, call) {
        next = () => {
          elapsedMs += ms;
          call();
        };
        return () => {
          next = undefined;
        };
      },
    },
    decisions: {
      decide({ key }) {
        elapsedMs += eachMs;
        settled.push(key);
        return undefined;
      },
    },
    append: () => undefined,
  });
  /** False: nothing is due. */
  const turn = (): boolean => {
    const call = next;
    next = undefined;
    call?.();
    return call !== undefined;
  };
  return { inbox, settled, turn };
};

test('when all devices of a ward connect, their beds are looked after in short turns, each once and in order', () => {
  const { inbox, settled, turn } = setUp(1);
  const beds = Array.from({ length: 100 }, (_, place) => `b${place}`);
  inbox.open();
  for (const bed of beds) inbox.put(subjectOf(bed), { type: 'device', online: true });
  const lengths: number[] = [];
  for (let before = 0; turn(); before = settled.length) lengths.push(settled.length - before);
  expect(settled).toEqual(beds);
  expect(Math.max(...lengths)).toBeLessThan(10);
});

test('an input that comes while the others wait for their turn is taken too, and what is closed leaves none', () => {
  const { inbox, settled, turn } = setUp(1);
  const first = subjectOf('first');
  inbox.open();
  for (const bed of Array.from({ length: 20 }, (_, place) => `b${place}`)) {
    inbox.put(subjectOf(bed), { type: 'device', online: true });
  }
  inbox.put(first, { type: 'device', online: true });
  turn();
  inbox.put(first, { type: 'device', online: false });
  inbox.close();
  expect(turn()).toBe(false);
  expect(new Set(settled).size).toBe(21);
  expect(first.waiting).toEqual([]);
  expect(first.inputs.map(({ type }) => type)).toEqual(['device', 'device']);
});
