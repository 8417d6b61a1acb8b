import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LatestVitals, SnapshotFrame } from '#contracts/live.ts';
import { anAlarm, createLiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi, type TestScreen } from '../support/api.ts';

/** A feed whose snapshots take their time on the way, while changes go on. */

let api: TestApi;
afterEach(() => api?.stop());

const BEDS = ['a', 'b', 'c'];
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const heartRate = (value: number): LatestVitals => ({ 'heart-rate': { value, time: value } });

/** Snapshots wait until they are let through. */
const startSlowWard = async () => {
  const onTheWay: (() => void)[] = [];
  const ward = createLiveWard(['icu'], { onTheWay: () => new Promise((resolve) => onTheWay.push(resolve)) });
  for (const bed of BEDS) ward.addBed('icu', bed);
  api = await startApi({ ward });
  return {
    ward,
    asked: () => onTheWay.length,
    letThrough: () => {
      for (const arrive of onTheWay.splice(0)) arrive();
    },
  };
};

/** What a screen shows of the unit, as it does: what is not newer is passed over, and what is missing is counted. */
const shown = (screen: TestScreen) => {
  let view: SnapshotFrame | undefined;
  let gaps = 0;
  let repeated = 0;
  // An alarm is sent at once, over what is left out until the next snapshot.
  let isWhole = false;
  for (const frame of screen.frames) {
    if (frame.type === 'snapshot') {
      view = structuredClone(frame);
      isWhole = true;
    }
    if ((frame.type !== 'vitals' && frame.type !== 'alarm') || !view) continue;
    if (frame.epoch !== view.epoch || frame.seq > view.seq + 1) {
      gaps += 1;
      isWhole = false;
    }
    if (frame.epoch === view.epoch && frame.seq <= view.seq) {
      repeated += 1;
      continue;
    }
    Object.assign(view, { epoch: frame.epoch, seq: frame.seq });
    for (const bed of view.beds) {
      if (frame.type === 'vitals') Object.assign(bed.vitals, frame.beds[bed.id]);
      else if (frame.bed === bed.id) bed.alarms = frame.alarms;
    }
  }
  return { view, gaps, repeated, isWhole };
};

const isCurrent = (screen: TestScreen, { epoch, seq }: SnapshotFrame): boolean => {
  const { view, isWhole } = shown(screen);
  return isWhole && view?.epoch === epoch && view.seq === seq;
};

it('a snapshot that was made before a change, and comes after it, holds the change', async () => {
  const { ward, asked, letThrough } = await startSlowWard();
  const screen = await api.openScreen();
  screen.subscribe(['icu']);
  await expect.poll(asked).toBe(1);
  ward.measure('icu', 'a', heartRate(61));
  const alarm = ward.alarm('icu', 'b', [anAlarm('late')]);
  // The alarm goes out at once, however long the snapshot takes.
  await expect.poll(() => screen.ofType('alarm')).toEqual([alarm]);
  expect(screen.ofType('snapshot')).toEqual([]);
  letThrough();
  await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
  const [snapshot] = screen.ofType('snapshot');
  expect(snapshot?.seq).toBe(ward.present('icu').seq);
  expect(snapshot?.beds).toEqual(ward.present('icu').beds);
  ward.measure('icu', 'a', heartRate(62));
  await expect.poll(() => isCurrent(screen, ward.present('icu'))).toBe(true);
  expect(shown(screen)).toMatchObject({ gaps: 0, repeated: 0 });
  expect(screen.ofType('vitals')).toHaveLength(1);
  screen.leave();
});

it('a screen that is in a unit already is sent its alarms while a new snapshot is on its way', async () => {
  const { ward, asked, letThrough } = await startSlowWard();
  const screen = await api.openScreen();
  screen.subscribe(['icu']);
  await expect.poll(asked).toBe(1);
  letThrough();
  await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
  ward.addBed('icu', 'd');
  await expect.poll(asked).toBe(1);
  const alarm = ward.alarm('icu', 'a', [anAlarm('meanwhile')]);
  await expect.poll(() => screen.ofType('alarm')).toEqual([alarm]);
  letThrough();
  await expect.poll(() => screen.ofType('snapshot').at(-1)?.beds).toEqual(ward.present('icu').beds);
  screen.leave();
});

it('a snapshot that beds or patients changed under is made again', async () => {
  const { ward, asked, letThrough } = await startSlowWard();
  const screen = await api.openScreen();
  screen.subscribe(['icu']);
  await expect.poll(asked).toBe(1);
  ward.addBed('icu', 'd');
  letThrough();
  await expect.poll(asked).toBe(1);
  expect(screen.ofType('snapshot')).toEqual([]);
  letThrough();
  await expect.poll(() => screen.ofType('snapshot').map(({ beds }) => beds.length)).toEqual([BEDS.length + 1]);
  screen.leave();
});

it('what is known of another epoch is void: all is sent anew', async () => {
  const { ward, asked, letThrough } = await startSlowWard();
  const screen = await api.openScreen();
  screen.subscribe(['icu']);
  await expect.poll(asked).toBe(1);
  letThrough();
  await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
  ward.beginEpoch('second');
  ward.alarm('icu', 'a', [anAlarm('of-the-second')]);
  await expect.poll(asked).toBeGreaterThan(0);
  await expect
    .poll(() => {
      letThrough();
      return screen.ofType('snapshot').at(-1);
    })
    .toMatchObject({ epoch: 'second', seq: 1 });
  await expect
    .poll(() => screen.ofType('heartbeat').at(-1), { timeout: 5_000 })
    .toMatchObject({ seq: { icu: 1 }, epoch: { icu: 'second' } });
  screen.leave();
});

it('whenever snapshots come among the changes, a screen shows what the ward shows, and nothing comes twice', async () => {
  const { ward, letThrough } = await startSlowWard();
  const verb = fc.constantFrom(
    'measure',
    'measure',
    'measure',
    'alarm',
    'subscribe',
    'arrive',
    'arrive',
    'wait',
    'wait',
  );
  let value = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(verb, fc.constantFrom(...BEDS)), { minLength: 20, maxLength: 150 }),
      async (steps) => {
        const screen = await api.openScreen();
        screen.subscribe(['icu']);
        for (const [does, bed] of steps) {
          if (does === 'measure') ward.measure('icu', bed, heartRate(++value));
          if (does === 'alarm') ward.alarm('icu', bed, [anAlarm(`alarm-${++value}`)]);
          if (does === 'subscribe') screen.subscribe(['icu']);
          if (does === 'arrive') letThrough();
          if (does === 'wait') await nextTurn();
        }
        await expect
          .poll(() => {
            letThrough();
            return isCurrent(screen, ward.present('icu'));
          })
          .toBe(true);
        const { view, repeated } = shown(screen);
        expect(view?.beds).toEqual(ward.present('icu').beds);
        expect(repeated).toBe(0);
        screen.leave();
      },
    ),
    { numRuns: 25 },
  );
  expect(ward.errors).toEqual([]);
});
