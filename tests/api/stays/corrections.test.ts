import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packWaves } from '#domain/packed-waves/packed-waves.ts';
import { WAVES } from '#domain/waveforms.ts';
import { createLog } from '#platform/log.ts';
import { readStoredWaves } from '../../../api/history/stored-waves.ts';
import { createLateScorer } from '../../../review/late.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';

let database: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const START_MS = Date.parse('2026-06-01T10:00:00Z');
const minute = (count: number): string => new Date(START_MS + count * 60_000).toISOString();
const post = async (path: string, body: unknown) => {
  const response = await api.ask(`/api/v1/${path}`, { method: 'POST', body });
  expect(response.status).toBe(201);
  return response.json();
};
const patch = async (path: string, body: unknown) => {
  const response = await api.ask(`/api/v1/${path}`, { method: 'PATCH', body });
  expect(response.status).toBe(200);
  return response.json();
};

let round = 0;
let device: string;
let beds: { one: string; two: string };

/** Two beds, and a device at the first since minute 0 that has measured each minute, for nobody in particular. */
beforeEach(async () => {
  round += 1;
  device = `monitor-${round}`;
  beds = { one: `bed-${round}-1`, two: `bed-${round}-2` };
  await api.ask('/api/v1/units/icu', { method: 'PUT', body: { name: 'ICU' } });
  for (const bed of [beds.one, beds.two]) {
    await api.ask(`/api/v1/beds/${bed}`, { method: 'PUT', body: { unit: 'icu', label: bed } });
  }
  await post('devices', { id: device, unit: 'icu' });
  await post('assignments', { device, bed: beds.one, start: minute(0) });
  await measure({ bed: beds.one, encounter: null, minutes: 10 });
});

const measure = async ({ bed, encounter, minutes }: { bed: string; encounter: number | null; minutes: number }) => {
  await database.pool.query(
    `with one as (
       insert into series (device_id, signal, bed_id, encounter_id) values ($1, 'heart-rate', $2, $3)
       on conflict (device_id, signal, bed_id, encounter_id) do update set signal = excluded.signal returning id
     )
     insert into vitals select $4::timestamptz + n * interval '1 minute', now(), n, one.id, 0, false
     from one, generate_series(0, $5 - 1) as n`,
    [device, bed, encounter, minute(0), minutes],
  );
};

/** Bed and patient of the readings, by minute. */
const owners = async (): Promise<string[]> => {
  const { rows } = await database.pool.query(
    'select bed, patient_id, value from readings where device = $1 order by time',
    [device],
  );
  expect(rows.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return rows.map(
    ({ bed, patient_id }) => `${bed === beds.one ? 'one' : bed === beds.two ? 'two' : bed} ${patient_id}`,
  );
};
const times = (count: number, owner: string): string[] => Array.from({ length: count }, () => owner);

describe('what was measured before it was corrected', () => {
  it('belongs to a patient who is registered later than he came, from when he came', async () => {
    const { id } = await post('patients', { name: 'Ana' });
    await post('encounters', { patient: id, bed: beds.one, start: minute(4) });
    expect(await owners()).toEqual([...times(4, 'one null'), ...times(6, `one ${id}`)]);
  });

  it('follows the patient, the times and the bed of an encounter', async () => {
    const [ana, ben] = [await post('patients', { name: 'Ana' }), await post('patients', { name: 'Ben' })];
    const encounter = await post('encounters', { patient: ana.id, bed: beds.one, start: minute(0) });
    await patch(`encounters/${encounter.id}`, { patient: ben.id });
    expect(await owners()).toEqual(times(10, `one ${ben.id}`));
    await patch(`encounters/${encounter.id}`, { start: minute(2), end: minute(5) });
    expect(await owners()).toEqual([...times(2, 'one null'), ...times(3, `one ${ben.id}`), ...times(5, 'one null')]);
    await patch(`encounters/${encounter.id}`, { bed: beds.two });
    expect(await owners()).toEqual(times(10, 'one null'));
  });

  it('follows the bed of an assignment, and who was in it', async () => {
    const { id } = await post('patients', { name: 'Ana' });
    await post('encounters', { patient: id, bed: beds.two, start: minute(7) });
    const [assignment] = await (await api.ask(`/api/v1/assignments?device=${device}`)).json();
    await patch(`assignments/${assignment.id}`, { bed: beds.two });
    expect(await owners()).toEqual([...times(7, 'two null'), ...times(3, `two ${id}`)]);
    await patch(`assignments/${assignment.id}`, { start: minute(1), end: minute(9) });
    expect(await owners()).toEqual(['null null', ...times(6, 'two null'), ...times(2, `two ${id}`), 'null null']);
  });

  it('is there once when the device has sent it again since', async () => {
    const { id } = await post('patients', { name: 'Ana' });
    const encounter = await post('encounters', { patient: id, bed: beds.one, start: minute(0) });
    await measure({ bed: beds.one, encounter: null, minutes: 3 });
    await patch(`encounters/${encounter.id}`, { end: minute(60) });
    expect(await owners()).toEqual(times(10, `one ${id}`));
  });

  it('moves with its waveforms, and those of other devices stay', async () => {
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into series (device_id, signal, bed_id) values ($1, 'pleth', $2) returning id`,
      [device, beds.one],
    );
    await database.pool.query(`insert into waves values ($1, now(), $2, 125, false, '{1,2}')`, [
      minute(3),
      rows[0]?.id,
    ]);
    const others = () =>
      database.pool.query(
        'select time, series_id from vitals join series on series.id = series_id where device_id <> $1 order by 2, 1',
        [device],
      );
    const before = (await others()).rows;
    const { id } = await post('patients', { name: 'Ana' });
    const encounter = await post('encounters', { patient: id, bed: beds.one, start: minute(0) });
    const moved = await database.pool.query(
      'select encounter_id from waves join series on series.id = series_id where device_id = $1',
      [device],
    );
    expect(moved.rows).toEqual([{ encounter_id: encounter.id }]);
    expect((await others()).rows).toEqual(before);
  });
});

describe('waveforms that were measured together', () => {
  const wavesAt = async (bed: string) => {
    const { blocks } = await readStoredWaves(database.pool, {
      bed,
      signals: ['ecg-ii', 'pleth'],
      from: new Date(minute(0)),
      to: new Date(minute(10)),
      maxSamples: 100,
    });
    return blocks.map(({ signal, samples }) => `${signal} ${samples.join(' ')}`).sort();
  };

  it('are all there after a correction, when the device sent only some of them again since', async () => {
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into series (device_id, signal, bed_id) values ($1, 'ecg-ii', $2), ($1, 'ecg-ii', $3) returning id`,
      [device, beds.one, beds.two],
    );
    const ecg = (sample: number) => ({ mdc: WAVES['ecg-ii'].mdc, rate: 250, samples: Float32Array.of(sample) });
    const pleth = { mdc: WAVES.pleth.mdc, rate: 125, samples: Float32Array.of(5, 6) };
    for (const [series, waves] of [
      [rows[0]?.id, [ecg(1), pleth]],
      [rows[1]?.id, [ecg(2)]],
    ] as const) {
      await database.pool.query(`insert into waves values ($1, now(), $2, 250, false, '{}', $3, $4)`, [
        minute(3),
        series,
        waves.length,
        Buffer.from(packWaves(waves)),
      ]);
    }
    const [assignment] = await (await api.ask(`/api/v1/assignments?device=${device}`)).json();
    await patch(`assignments/${assignment.id}`, { bed: beds.two });
    expect(await wavesAt(beds.one)).toEqual([]);
    expect(await wavesAt(beds.two)).toEqual(['ecg-ii 2', 'pleth 5 6']);
  });
});

describe('late readings', () => {
  it('that a correction gives to a bed are scored there, and what they made of the other bed is forgotten', async () => {
    const lateAt = async (bed: string) => {
      const { rows } = await database.pool.query(`select kind from alarms where late and bed_id = $1`, [bed]);
      return rows;
    };
    const now = START_MS + 3 * 3_600_000;
    const scorer = createLateScorer({
      database: database.pool,
      clock: { now: () => now },
      log: createLog({ level: 'silent' }),
    });
    await database.pool.query(
      `insert into vitals
       select $2::timestamptz + n * interval '1 second', $3, case when n between 30 and 60 then 30 else 80 end, id, 0, true
       from series, generate_series(1, 119) as n where device_id = $1 and bed_id = $4
       on conflict do nothing`,
      [device, minute(20), minute(60), beds.one],
    );
    await scorer.look();
    expect(await lateAt(beds.one)).toEqual([{ kind: 'heart-rate-low' }]);
    // It had stood at the other bed since minute 15.
    const open = await (await api.ask(`/api/v1/assignments?device=${device}&open=true`)).json();
    await patch(`assignments/${open[0].id}`, { end: minute(15) });
    await post('assignments', { device, bed: beds.two, start: minute(15) });
    expect(await lateAt(beds.one)).toEqual([]);
    await scorer.look();
    expect(await lateAt(beds.one)).toEqual([]);
    expect(await lateAt(beds.two)).toEqual([{ kind: 'heart-rate-low' }]);
  });
});
