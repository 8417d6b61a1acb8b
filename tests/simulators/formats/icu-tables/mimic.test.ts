import { describe, expect, it } from 'vitest';
import { isMimic, parseMimic } from '../../../../simulators/formats/icu-tables/mimic.ts';

const FOUR = 'subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valuenum,valueuom,warning';
const THREE =
  'ROW_ID,SUBJECT_ID,HADM_ID,ICUSTAY_ID,ITEMID,CHARTTIME,STORETIME,CGID,VALUE,VALUENUM,VALUEUOM,WARNING,ERROR,RESULTSTATUS,STOPPED';

const parse = (header: string, ...rows: string[]) =>
  parseMimic({ path: 'c.csv', name: 'c', text: [header, ...rows].join('\n') });

const four = (time: string, item: number, value: string, unit: string, stay = '30') =>
  `1,2,${stay},9,${time},${time},${item},${value},${value},${unit},0`;

describe('chartevents of MIMIC-IV', () => {
  it('are readings at their distance from the first row, in the units of the rows', () => {
    const { format, frames, mapped, skipped } = parse(
      FOUR,
      four('2150-01-31 08:00:00', 220045, '88', 'bpm'),
      four('2150-01-31 08:00:00', 223761, '98.6', '°F'),
      four('2150-01-31 09:30:00', 220210, '18', 'insp/min'),
      four('2150-01-31 09:30:00', 223762, '37.1', '°C'),
      four('2150-01-31 07:00:00', 220277, '96', ''),
      four('2150-01-31 09:30:00', 223835, '50', ''),
      four('2150-01-31 09:30:00', 220339, '5', 'cmH2O'),
    );
    expect(format).toBe('MIMIC chartevents');
    expect(frames).toEqual([
      { atMs: -3_600_000, vitals: { spo2: { value: 96, unit: '%' } } },
      { atMs: 0, vitals: { 'heart-rate': { value: 88, unit: 'bpm' }, temperature: { value: 98.6, unit: '°F' } } },
      {
        atMs: 5_400_000,
        vitals: {
          'respiratory-rate': { value: 18, unit: '/min' },
          temperature: { value: 37.1, unit: '°C' },
          fio2: 50,
          peep: { value: 5, unit: 'cmH2O' },
        },
      },
    ]);
    expect(mapped[0]).toEqual({ from: '220045 Heart Rate', unit: 'bpm', to: 'heart-rate', values: 1 });
    expect(skipped).toEqual([]);
  });

  it('leaves out by name, with counts, what is no vital, no number, in another unit, or of a second source', () => {
    const at = '2150-01-31 08:00:00';
    const { frames, skipped } = parse(
      FOUR,
      four(at, 220739, '4', ''),
      four(at, 220739, '3', ''),
      `1,2,30,9,${at},${at},220045,Refused,,bpm,0`,
      four(at, 220050, '120', 'inches'),
      four(at, 220051, '70', 'mmHg'),
      four(at, 225310, '72', 'mmHg'),
    );
    expect(frames).toEqual([{ atMs: 0, vitals: { 'abp-diastolic': { value: 70, unit: 'mmHg' } } }]);
    expect(skipped.map(({ from, why, values }) => [from, why, values])).toEqual([
      ['220739', 'not an item that is a vital sign of the catalogue', 2],
      ['220045 Heart Rate', 'not a number', 1],
      ['220050 Arterial Blood Pressure systolic', 'in inches, which is not convertible to mm[Hg]', 1],
      ['225310 ART BP Diastolic', 'a second abp-diastolic, beside 220051 Arterial Blood Pressure diastolic', 1],
    ]);
  });

  it('are refused when they are of several stays, and when a row has no time', () => {
    const at = '2150-01-31 08:00:00';
    expect(() => parse(FOUR, four(at, 220045, '80', 'bpm', '30'), four(at, 220045, '81', 'bpm', '31'))).toThrow(
      'c.csv holds 2 values of stay_id, and a recording is of one',
    );
    expect(() => parse(FOUR, four('soon', 220045, '80', 'bpm'))).toThrow('c.csv row 2: charttime is no time: soon');
  });
});

describe('CHARTEVENTS of MIMIC-III', () => {
  it('are read by their own names and items, without what is marked as an error', () => {
    expect(isMimic(THREE.split(','))).toBe(true);
    const row = (item: number, value: string, unit: string, error: string) =>
      `1,2,3,4,${item},2150-01-31 08:00:00,2150-01-31 08:10:00,5,${value},${value},${unit},0,${error},,`;
    const { frames, skipped } = parse(
      THREE,
      row(211, '70', 'BPM', '0'),
      row(678, '98.6', 'Deg. F', '0'),
      row(646, '50', '%', '1'),
    );
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'heart-rate': { value: 70, unit: 'BPM' }, temperature: { value: 98.6, unit: 'degF' } } },
    ]);
    expect(skipped).toEqual([{ from: '646 SpO2', unit: '%', why: 'marked as an error', values: 1 }]);
  });
});
