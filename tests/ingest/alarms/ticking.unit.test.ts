import { expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createSubject } from '../../../ingest/alarms/subject.ts';
import { createSubjects } from '../../../ingest/alarms/subjects.ts';
import { createTicking } from '../../../ingest/alarms/ticking.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** A ward in which something is due for every bed, on a clock on which to look after one takes a millisecond. */
const setUp = (bedCount: number) => {
  const clock = createFakeClock();
  const subjects = createSubjects();
  subjects.station.checkpointAt = Number.POSITIVE_INFINITY;
  for (let place = 0; place < bedCount; place++) {
    const bed = `b${place}`;
    subjects.beds.set(bed, createSubject({ bed, unit: 'icu', config: PRESETS.adult, staggerMs: 0 }));
  }
  const settled: string[] = [];
  const ticking = createTicking({
    clock: { ...clock, elapsed: () => clock.elapsed() + settled.length },
    subjects,
    inbox: {
      settle(subject) {
        settled.push(subject.key);
        subject.checkpointAt = Number.POSITIVE_INFINITY;
      },
    },
    onSecond: [],
  });
  return { clock, ticking, settled, beds: [...subjects.beds.keys()] };
};

test('when a whole ward falls silent, its beds are looked after in short turns, each once and in order', () => {
  const { clock, ticking, settled, beds } = setUp(100);
  ticking.start();
  clock.advance(50);
  const lengths = [settled.length];
  // A round takes longer than the next tick is away, and no other is begun meanwhile.
  for (let before = settled.length; settled.length < beds.length; before = settled.length) {
    clock.advance(1);
    lengths.push(settled.length - before);
  }
  expect(settled).toEqual(beds);
  expect(Math.max(...lengths)).toBeLessThan(10);
  clock.advance(1_000);
  expect(settled).toEqual(beds);
  ticking.stop();
});

test('who is stopped in the middle of a round looks after no more beds, and begins a whole round when started again', () => {
  const { clock, ticking, settled, beds } = setUp(100);
  ticking.start();
  clock.advance(50);
  const before = settled.length;
  ticking.stop();
  expect(clock.pending()).toBe(0);
  clock.advance(1_000);
  expect(settled.length).toBe(before);
  ticking.start();
  clock.advance(200);
  expect(settled).toEqual(beds);
  ticking.stop();
});
