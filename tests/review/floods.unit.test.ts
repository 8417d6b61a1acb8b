import { expect, test } from 'vitest';
import { causeOf, topShare } from '../../review/concentration.ts';
import { createFloodWatch, loadOf } from '../../review/floods.ts';

const MINUTE = 60_000;

const watch = (starts: readonly number[], until: number) => {
  const flood = createFloodWatch();
  for (const at of starts) flood.take(at);
  return flood.end(until);
};

/** `count` starts, a minute apart. */
const every = (from: number, count: number, apartMs = MINUTE / 2) =>
  Array.from({ length: count }, (_, index) => from + index * apartMs);

test('ten alarms in ten minutes are no flood, the eleventh begins one', () => {
  expect(watch(every(0, 10), 60 * MINUTE)).toEqual({ floods: [], peak: 10 });
  expect(watch(every(0, 11), 60 * MINUTE).floods).toMatchObject([{ from: 5 * MINUTE }]);
});

test('a flood lasts until fewer than five started within ten minutes', () => {
  const starts = every(0, 12);
  // The eighth start leaves the window ten minutes after it was: then four are in it.
  expect(watch(starts, 60 * MINUTE).floods).toEqual([{ from: 5 * MINUTE, to: (starts[7] ?? 0) + 10 * MINUTE }]);
});

test('a flood that goes on is cut at the end of the range, and a later one is another', () => {
  const starts = [...every(0, 11), ...every(40 * MINUTE, 11)];
  expect(watch(starts, 46 * MINUTE).floods).toEqual([
    { from: 5 * MINUTE, to: 3 * MINUTE + 10 * MINUTE },
    { from: 45 * MINUTE, to: 46 * MINUTE },
  ]);
});

test('slow alarms, however many, are no flood', () => {
  expect(watch(every(0, 500, MINUTE), 500 * MINUTE)).toEqual({ floods: [], peak: 10 });
});

test.each([
  [0, 'acceptable'],
  [6, 'acceptable'],
  [11, 'manageable'],
  [30, 'over-demanding'],
  [31, 'overloaded'],
])('%i alarms an hour are %s', (rate, load) => {
  expect(loadOf(rate)).toBe(load);
});

test('the first tenth of the beds is at least one, of all there are and not only of those that rang', () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({ bed: `b${index}`, alarms: index === 3 ? 89 : 1 }));
  expect(topShare(rows, ({ bed }) => bed, 10)).toMatchObject({
    of: 12,
    share: 0.9,
    top: [{ name: 'b3' }, { name: 'b0' }],
  });
  expect(topShare(rows.slice(0, 2), ({ bed }) => bed, 10)).toEqual({
    of: 10,
    top: [{ name: 'b0', alarms: 1, share: 0.5 }],
    share: 0.5,
  });
  expect(topShare([], () => '')).toEqual({ of: 0, top: [], share: null });
});

test('a cause names the vital and what was wrong with it', () => {
  expect(causeOf({ kind: 'spo2-low', condition: 'desaturation' })).toBe('spo2 desaturation');
  expect(causeOf({ kind: 'spo2-signal', condition: 'sensor-off' })).toBe('spo2 sensor-off');
  expect(causeOf({ kind: 'device-link', condition: 'device-silent' })).toBe('device-silent');
});
