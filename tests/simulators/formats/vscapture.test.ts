import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseVscaptureCsv, parseVscaptureJson } from '../../../simulators/formats/vscapture.ts';
import { readWhole } from '../support/recordings.ts';

const csv = (...lines: string[]) => parseVscaptureCsv({ path: 'm.csv', name: 'm', text: lines.join('\r\n') });
const json = (text: string) => parseVscaptureJson({ path: 'm.json', name: 'm', text });

const HEADER =
  'Time,RelativeTime,SystemLocalTime,NOM_ECG_CARD_BEAT_RATE,NOM_PULS_OXIM_SAT_O2,NOM_ECG_AMPL_ST_II,NOM_SOMETHING';
const at = (ticks: number): string => `31-01-2026 08:00:00.000,${ticks},31-01-2026 09:00:00.000`;
const entry = (ticks: number, id: string, value: string) => ({
  Timestamp: '31-01-2026 08:00:00.000',
  Relativetimestamp: String(ticks),
  SystemLocalTime: '31-01-2026 09:00:00.000',
  PhysioID: id,
  Value: value,
  DeviceID: 'x',
});

describe('the CSV of VSCapture', () => {
  it('is a column a vital, at the distances of the monitor’s own clock, of 8 kHz', () => {
    const { format, frames, mapped, skipped } = csv(HEADER, `${at(80_000)},72,97,0.5,1`, `${at(88_192)},73,-,0.4,1`);
    expect(format).toBe('VSCapture CSV');
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'heart-rate': 72, spo2: 97 } },
      { atMs: 1_024, vitals: { 'heart-rate': 73, spo2: null } },
    ]);
    expect(mapped.map(({ from, to, values }) => [from, to, values])).toEqual([
      ['NOM_ECG_CARD_BEAT_RATE', 'heart-rate', 2],
      ['NOM_PULS_OXIM_SAT_O2', 'spo2', 1],
    ]);
    expect(skipped.map(({ from, why, values }) => [from, why, values])).toEqual([
      ['NOM_ECG_AMPL_ST_II', 'no unit is written, and a monitor counts it in mm or in mV', 2],
      ['NOM_SOMETHING', 'not a vital sign of the catalogue', 2],
    ]);
  });

  it('leaves out, and counts, the rows whose cells are not those of the header', () => {
    const { frames, skipped } = csv(HEADER, `${at(0)},72,97,0,1`, `${at(8_000)},72,97,0,1,36`);
    expect(frames).toHaveLength(1);
    expect(skipped).toContainEqual({
      ...{ from: '(a row)', unit: null, values: 1 },
      why: 'it has more or fewer cells than the header: which is which is not told',
    });
  });

  it('is a row a value where it has no header', () => {
    const { format, frames } = csv(
      `${at(0)},NOM_RESP_RATE,14`,
      `${at(0)},NOM_TEMP_RECT,37.2`,
      `${at(8_000)},NOM_RESP_RATE,15`,
    );
    expect(format).toBe('VSCapture rows');
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'respiratory-rate': 14, 'rectal-temperature': 37.2 } },
      { atMs: 1_000, vitals: { 'respiratory-rate': 15 } },
    ]);
  });

  it('goes on where the clock of the monitor begins anew', () => {
    const { frames } = csv(`${at(2 ** 32 - 8_000)},NOM_RESP_RATE,14`, `${at(0)},NOM_RESP_RATE,15`);
    expect(frames.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  });
});

describe('the JSON of VSCapture', () => {
  const text = [
    [entry(0, 'NOM_ECG_CARD_BEAT_RATE', '72'), entry(0, 'NOM_AWAY_RESP_RATE', '12')],
    [entry(8_000, 'NOM_ECG_CARD_BEAT_RATE', '-'), entry(8_000, 'NOM_TEMP', '36,8')],
  ]
    .map((second) => JSON.stringify(second))
    .join('');

  it('is one array after another', () => {
    const { format, frames, skipped } = json(text);
    expect(format).toBe('VSCapture JSON');
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'heart-rate': 72, 'co2-respiratory-rate': 12 } },
      { atMs: 1_000, vitals: { 'heart-rate': null } },
    ]);
    expect(skipped).toEqual([{ from: 'NOM_TEMP', unit: null, why: 'not a number', values: 1 }]);
  });

  it('is refused in words when its end is missing, or when it is something else', () => {
    expect(() => json(text.slice(0, -9))).toThrow('m.json is no whole JSON: its end may be missing');
    expect(() => json('[{"Timestamp":1,"PhysioID":"x"}]')).toThrow('m.json is not as VSCapture writes it');
  });
});

it('each is found by its content, compressed too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardwatch-vscapture-'));
  try {
    const files = {
      'a.csv': [HEADER, `${at(0)},72,97,0,1`].join('\n'),
      'b.txt': `${at(0)},NOM_RESP_RATE,14\n`,
      'c.json': JSON.stringify([entry(0, 'NOM_ECG_CARD_BEAT_RATE', '72')]),
      'd.csv': 'subject_id,stay_id,charttime,itemid,valuenum,valueuom\n1,2,2150-01-31 08:00:00,220045,80,bpm\n',
      'e.csv': 'patientunitstayid,observationoffset,heartrate\n1,5,80\n',
    };
    const found = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(folder, `${name}.gz`), gzipSync(text));
      return readWhole(join(folder, `${name}.gz`)).format;
    });
    expect(found).toEqual([
      'VSCapture CSV',
      'VSCapture rows',
      'VSCapture JSON',
      'MIMIC chartevents',
      'eICU vital signs',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
