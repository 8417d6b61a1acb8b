import { expect, test } from 'vitest';
import type { SnapshotFrame, VitalsFrame } from '#contracts/live.ts';
import { catchUp } from '../../../api/live/catch-up.ts';

/** What came while a snapshot was made, at a bed with two devices. */

const snapshot: SnapshotFrame = {
  type: 'snapshot',
  ...{ unit: 'icu', name: 'Intensive care', seq: 4, epoch: 'one', time: 0, devices: [], stationAlarms: [] },
  beds: [
    {
      ...{ id: 'b1', label: '1', patient: null, limits: {}, alarms: [], inactivations: [] },
      deviceLimits: { batteryLowPercent: 20, clockToleranceMs: 5_000 },
      vitals: { spo2: { value: 97, time: 2_000, source: 'm1' } },
      others: { o1: { spo2: { value: 94, time: 1_900 } } },
    },
  ],
};

const change = (seq: number, frame: Pick<VitalsFrame, 'beds' | 'others'>): VitalsFrame => ({
  ...{ type: 'vitals', unit: 'icu', seq, epoch: 'one', time: 0 },
  ...frame,
});

test('a value of another source is taken whatever its time, and what others measure is kept by device', () => {
  const joined = catchUp(snapshot, [
    change(5, { beds: { b1: { spo2: { value: 95, time: 1_000, source: 'o1' } } } }),
    change(6, { beds: {}, others: { b1: { m1: { spo2: { value: null, time: 3_000 } } } } }),
    change(7, { beds: { b1: { spo2: { value: 90, time: 500, source: 'o1' } } } }),
  ]);
  expect(joined?.seq).toBe(7);
  expect(joined?.beds[0]).toMatchObject({
    vitals: { spo2: { value: 95, time: 1_000, source: 'o1' } },
    others: { o1: { spo2: { value: 94 } }, m1: { spo2: { value: null } } },
  });
});
