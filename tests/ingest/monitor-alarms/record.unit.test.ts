import { expect, test } from 'vitest';
import { NewerFormatError } from '#domain/alarms/formats/upcast.ts';
import { MONITOR_FORMAT } from '#domain/monitor-alarms/state.ts';
import { decodeRecord } from '../../../ingest/formats/upcast.ts';
import { readStates } from '../../../ingest/monitor-alarms/saved.ts';
import { type MonitorRecord, monitorBody, readMonitorBody } from '../../../ingest/monitor-record.ts';
import { encodeRecord } from '../../../ingest/record.ts';
import { entryOf, reportOf, runAll } from '../../domain/monitor-alarms/support/reports.ts';

const recordOf = (): MonitorRecord => {
  const { state, happened } = runAll([reportOf(1_000, [entryOf('start')])]);
  return {
    ...{ kind: 'monitor', receivedAt: 1_000, unit: 'icu', bed: 'bed-1', device: 'monitor-1', encounter: 1 },
    sequences: [{ device: 'monitor-1', boot: 'b1', seq: 1 }],
    inputs: [reportOf(1_000, [entryOf('start')])],
    events: happened,
    checkpoint: state,
  };
};

test('a record is read as it was written', () => {
  expect(decodeRecord(encodeRecord(recordOf()))).toEqual(recordOf());
});

const withFormat = (format: unknown): Buffer =>
  Buffer.from(JSON.stringify({ ...JSON.parse(monitorBody(recordOf()).toString()), format }));

test('a body of a newer format is told from one that nobody wrote', () => {
  expect(() => readMonitorBody(withFormat(MONITOR_FORMAT + 1))).toThrow(NewerFormatError);
  expect(() => readMonitorBody(withFormat('one'))).toThrow(RangeError);
  expect(() => readMonitorBody(Buffer.from('{'))).toThrow(RangeError);
});

test('a saved state that cannot be read costs its own bed, and a newer one ends the start', async () => {
  const unreadable: (string | null)[] = [];
  const states = (values: Record<string, unknown>) =>
    readStates(
      (async function* () {
        for (const [key, value] of Object.entries(values)) yield { key, value: Buffer.from(JSON.stringify(value)) };
      })(),
      ({ subject }) => unreadable.push(subject),
    );
  const { checkpoint: state } = recordOf();
  const found = await states({
    '_monitor/bed-1': { monitorFormat: MONITOR_FORMAT, state },
    '_monitor/bed-2': { monitorFormat: MONITOR_FORMAT, state: {} },
    'bed-3': { version: 1 },
  });
  expect([...found.keys()]).toEqual(['bed-1']);
  expect(unreadable).toEqual(['_monitor/bed-2']);
  await expect(states({ '_monitor/bed-1': { monitorFormat: MONITOR_FORMAT + 1, state } })).rejects.toThrow(
    NewerFormatError,
  );
});
