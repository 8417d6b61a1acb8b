import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { replay } from '../../simulators/replay.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/** Real recordings through the whole path: what the files say is what the database holds, and nothing else. */

const FOLDER = fileURLToPath(new URL('../../../shared/data/recordings/bidmc', import.meta.url));
const WHY_NOT = existsSync(FOLDER) ? '' : ' (skipped: the recordings are not beside this clone, in ../shared/data)';

const COLUMNS: Readonly<Record<string, string>> = {
  HR: 'heart-rate',
  PULSE: 'pulse-rate',
  RESP: 'respiratory-rate',
  SpO2: 'spo2',
};

const releases = releaseAfterEach();

/** `vital second value` of a file, read here by the plainest means, so that a fault of the replayer's parser shows. */
const linesOf = (file: string): string[] => {
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const vitals = header.split(',').map((name) => COLUMNS[name.trim()]);
  return rows.flatMap((row) => {
    const cells = row.split(',').map((cell) => cell.trim());
    return cells.flatMap((cell, column) => {
      const vital = vitals[column];
      return vital ? [`${vital} ${Number(cells[0])} ${cell === 'NaN' ? 'none' : Number(cell)}`] : [];
    });
  });
};

test.skipIf(WHY_NOT !== '')(
  `the BIDMC recordings at fifty times their speed are in the database exactly as in the files${WHY_NOT}`,
  async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    const station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    const { http, mqtt } = await station.start();
    const files = readdirSync(FOLDER)
      .filter((name) => name.endsWith('_Numerics.csv'))
      .map((name) => join(FOLDER, name));
    expect(files).toHaveLength(26);

    const summary = await replay({
      files,
      stationUrl: http,
      mqttUrl: mqtt,
      token: await station.token('operator'),
      speed: 50,
    });
    expect(summary.acknowledged).toBe(summary.published);

    const expected = files.flatMap((file, index) => {
      const played = summary.files[index];
      return linesOf(file).map((line) => `${played?.device} ${played?.bed} ${line}`);
    });
    expect(expected).toHaveLength(26 * 481 * 4);
    const stored = await eventually(async () => {
      const { rows } = await database.pool.query<{ line: string }>(
        `select concat_ws(' ', device, bed, vital, ((extract(epoch from time) * 1000 - $1) / 1000)::float8, coalesce(value::text, 'none')) as line
         from readings`,
        [summary.startTime],
      );
      expect(rows.length).toBe(expected.length);
      return rows.map(({ line }) => line);
    });
    const inDatabase = new Set(stored);
    const inFiles = new Set(expected);
    expect(expected.filter((line) => !inDatabase.has(line))).toEqual([]);
    expect(stored.filter((line) => !inFiles.has(line))).toEqual([]);
    expect(expected.filter((line) => line.endsWith(' none')).length).toBeGreaterThan(200);
  },
);
