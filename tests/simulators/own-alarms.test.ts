import { expect, test } from 'vitest';
import { MonitorAlarmInput } from '#contracts/mqtt/monitor-alarms.ts';
import { createBed } from '../../simulators/bed.ts';
import { createOwnAlarms } from '../../simulators/own-alarms.ts';

test('a monitor says at its start that it has no alarm, and then only what begins, goes on and ends', () => {
  const own = createOwnAlarms();
  const rhythms = ['sinus', ...Array.from({ length: 7 }, () => 'vt' as const), 'vf', 'sinus', 'sinus'] as const;
  const told = rhythms.map((rhythm) => own.observe(rhythm));
  expect(told[0]).toEqual({ snapshot: true, alarms: [] });
  const phases = told.slice(1).map((each) => each?.alarms.map(({ id, phase }) => `${id} ${phase}`).join() ?? '');
  expect(phases).toEqual(['1 start', '', '', '', '', '1 continue', '', '1 end,2 start', '2 end', '']);
});

test('the scenario of arrhythmias has each of them begin and end, as the station reads them', () => {
  const bed = createBed({ seed: 1, scenario: 'arrhythmia', waves: false });
  const told = Array.from({ length: 6 * 60 }, () => bed.nextSecond().alarms).flatMap((each) => each?.alarms ?? []);
  for (const alarm of told) expect(MonitorAlarmInput.safeParse(alarm).success).toBe(true);
  const texts = (phase: string) => told.filter((alarm) => alarm.phase === phase).map(({ text }) => text);
  expect(texts('start')).toEqual(['ECG LEAD OFF', '** AFIB', '*** VTACH', '*** VFIB']);
  expect(texts('end')).toEqual(texts('start'));
});
