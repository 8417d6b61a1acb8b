import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry as Metrics } from 'prom-client';
import { afterEach, expect } from 'vitest';
import { vital } from '#domain/vitals.ts';
import { systemClock } from '#platform/clock.ts';
import { type Alarms, createAlarms } from '../../../ingest/alarms/alarms.ts';
import { createJournal } from '../../../ingest/journal/journal.ts';
import { wholeWard } from '../../../ingest/ownership.ts';
import { indexRegistry } from '../../../ingest/registry.ts';
import { describeAlarmDesk } from '../../contracts/ports/alarm-desk.ts';
import { eventually } from '../../support/eventually.ts';

const BED = 'bed-1';
const EMPTY = 'bed-2';
const RATES = ['heart-rate', 'pulse-rate'] as const;

const registry = indexRegistry({
  ...indexRegistry().data,
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: [BED, EMPTY].map((id) => ({ id, unit: 'icu', label: id })),
  devices: [{ id: 'monitor', unit: 'icu', secretHash: '' }],
  patients: [{ id: 1, name: 'Ada', ageGroup: 'adult' }],
  encounters: [{ id: 1, patient: 1, bed: BED, start: 0, end: null }],
  assignments: [{ device: 'monitor', bed: BED, start: 0, end: null }],
});

const releases: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

const open = async (): Promise<Alarms> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardwatch-desk-'));
  const journal = createJournal({ path: join(folder, 'journal'), maxBytes: 2 ** 20, onFailure: () => undefined });
  journal.start();
  let inputs = 0;
  const alarms = createAlarms({
    journal,
    append(records, onStored) {
      inputs += records.filter((record) => record.inputs.length > 0).length;
      onStored();
    },
    ownership: wholeWard,
    canStore: () => true,
    clock: systemClock,
    announce: () => undefined,
    metrics: new Metrics(),
    onUnreadable: () => undefined,
    onUnknown: () => undefined,
  });
  await alarms.start(registry);
  releases.push(async () => {
    alarms.stop();
    await journal.stop();
    await rm(folder, { recursive: true, force: true });
  });
  // The first inputs of the station and of each bed, which would end an alarm that is older.
  await eventually(() => expect(inputs).toBeGreaterThan(2));
  return alarms;
};

/** Heart and pulse agree on it: it is decided at once. */
const collapse = (alarms: Alarms): void => {
  const at = Date.now();
  const items = RATES.map((id) => ({ mdc: vital(id).mdc, value: 30, quality: 0 }));
  alarms.vitals(BED, 'monitor', at, [{ time: at, boot: '', seq: -1, late: false, items }])?.announce();
};

describeAlarmDesk('of the alarm engine', async () => {
  const alarms = await open();
  return {
    desk: alarms,
    emptyBed: EMPTY,
    raise: () =>
      eventually(async () => {
        collapse(alarms);
        const [found] = (await alarms.active()).beds;
        const [alarm] = found?.alarms ?? [];
        if (!alarm) throw new Error('there is no alarm yet');
        return { bed: BED, alarm: alarm.id };
      }),
  };
});
