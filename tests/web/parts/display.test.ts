import { describe, expect, it, test } from 'vitest';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { bedCells } from '../../../web/bed/live/cells.ts';
import { rowsIn } from '../../../web/bed/trends/rows.ts';
import { cellView } from '../../../web/parts/cell.ts';
import { BED_SLOTS, SPARK_SPANS, shortName, TILE_SLOTS, TREND_ROWS, unitText } from '../../../web/parts/display.ts';
import { LANGUAGES, voiceOf } from '../../../web/shell/text/language.ts';

const NOW = 1_800_000_000_000;
const texts = Object.values(LANGUAGES);

const shownIn = (rows: readonly { readonly vitals: readonly VitalId[] }[]): VitalId[] =>
  rows.flatMap(({ vitals }) => vitals).toSorted();

const every = VITAL_IDS.toSorted();

test.each(VITAL_IDS)('%s has a number at the bed, a trend, a unit and a name of its own', (id) => {
  const hasIt = ({ vitals }: { readonly vitals: readonly VitalId[] }): boolean => vitals.includes(id);
  expect(BED_SLOTS.flatMap(({ rows }) => rows).filter(hasIt)).toHaveLength(1);
  expect(TREND_ROWS.filter(hasIt)).toHaveLength(1);
  for (const text of texts) expect(unitText(id, text) === '').toBe(vital(id).unit === '1');
});

describe('the display table', () => {
  it('has every vital once at the bed and once in the trends, and nothing else', () => {
    expect(shownIn(BED_SLOTS.flatMap(({ rows }) => rows))).toEqual(every);
    expect(shownIn(TREND_ROWS)).toEqual(every);
  });

  it('gives a row the name of the vital that it shows, and no two rows the same one', () => {
    const rows = BED_SLOTS.flatMap((slot) => slot.rows);
    for (const row of rows) {
      const isWhole = row.vitals.length === 1;
      expect(row.key).toBe(isWhole ? row.main : row.main.replace('-systolic', ''));
      expect(row.short).toBe(isWhole ? vital(row.main).short : vital(row.main).short.replace('-S', ''));
    }
    for (const text of texts) expect(new Set(rows.map((row) => shortName(row, text))).size).toBe(rows.length);
  });

  it('shows what is measured under the name of what was measured', () => {
    const voice = voiceOf('en');
    for (const id of VITAL_IDS) {
      const main = BED_SLOTS.flatMap(({ rows }) => rows).find(({ vitals }) => vitals.includes(id))?.main ?? id;
      const vitals = { [main]: { value: 42, time: NOW } };
      const shown = bedCells({ vitals, limits: {}, active: [], inactivations: [] }, NOW, voice);
      const named = shown.filter(({ cell }) => cell.value.startsWith('42')).map(({ cell }) => cell.label);
      expect(named).toEqual([vital(main).short.replace('-S', '')]);
    }
  });

  it('fills each place of a tile with its own vitals, the usual one among them', () => {
    expect(TILE_SLOTS.map(({ key, rows }) => [key, ...rows.map((row) => row.key)].join(' '))).toEqual([
      'rate heart-rate pulse-rate',
      'spo2 spo2',
      'respiration respiratory-rate',
      'pressure abp nibp',
      'temperature temperature core-temperature oesophageal-temperature nasopharyngeal-temperature bladder-temperature rectal-temperature tympanic-temperature',
      'etco2 etco2',
    ]);
    for (const { rows, usual } of TILE_SLOTS) expect(rows).toContain(usual);
    const nothing = { vitals: {}, limits: {}, active: [], inactivations: [] };
    const labels = TILE_SLOTS.map((slot) => cellView(slot, nothing, NOW, voiceOf('en'))?.label);
    expect(labels).toEqual(['HR', 'SpO₂', 'RR', 'NIBP', 'Temp', undefined]);
  });

  it('has a trend of each vital for which there is something, the pulse below the heart', () => {
    const point = [{ time: NOW, min: 1, avg: 1, max: 1 }];
    const vitals = Object.fromEntries(VITAL_IDS.map((id) => [id, point]));
    const keys = rowsIn({ resolution: 'raw', bucketMs: 1_000, vitals }).map(({ key }) => key);
    expect(keys.slice(0, 3)).toEqual(['heart-rate', 'pulse-rate', 'spo2']);
    expect(keys).toHaveLength(TREND_ROWS.length);
  });

  it('draws the last hour of what the wall has room for', () => {
    expect([...SPARK_SPANS.keys()]).toEqual(['heart-rate', 'spo2', 'pulse-rate']);
  });
});
