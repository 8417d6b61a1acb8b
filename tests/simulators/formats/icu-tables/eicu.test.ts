import { describe, expect, it } from 'vitest';
import { isEicu, parseEicu } from '../../../../simulators/formats/icu-tables/eicu.ts';

const PERIODIC =
  'vitalperiodicid,patientunitstayid,observationoffset,temperature,sao2,heartrate,respiration,cvp,etco2,' +
  'systemicsystolic,systemicdiastolic,systemicmean,pasystolic,padiastolic,pamean,st1,st2,st3,icp';
const APERIODIC =
  'vitalaperiodicid,patientunitstayid,observationoffset,noninvasivesystolic,noninvasivediastolic,noninvasivemean,' +
  'paop,cardiacoutput,cardiacinput,svr,svri,pvr,pvri';

const parse = (...lines: string[]) => parseEicu({ path: 'v.csv', name: 'v', text: lines.join('\n') });

describe('vital signs of eICU', () => {
  it('are medians at their minutes, in the units of the description, and what is not told is left out', () => {
    const { frames, skipped, mapped } = parse(
      PERIODIC,
      '1,141168,119,,93,140,,,,,,,,,,0.1,,,',
      '2,141168,124,37.2,95,138,18,6,35,120,60,80,30,15,20,,,,12',
    );
    expect(frames.map(({ atMs }) => atMs)).toEqual([119 * 60_000, 124 * 60_000]);
    expect(frames[0]?.vitals).toEqual({
      spo2: { value: 93, unit: '%' },
      'heart-rate': { value: 140, unit: '/min' },
    });
    expect(frames[1]?.vitals).toMatchObject({
      temperature: { value: 37.2, unit: 'Cel' },
      'pap-systolic': { value: 30, unit: 'mmHg' },
      icp: { value: 12, unit: 'mmHg' },
    });
    expect(mapped).toHaveLength(13);
    expect(skipped).toEqual([{ from: 'st1', unit: null, why: 'neither its lead nor its unit is told', values: 1 }]);
  });

  it('are those of the cuff in the other table', () => {
    const { frames, skipped } = parse(APERIODIC, '1,141168,5,118,64,79,18,,,,,,');
    expect(frames).toEqual([
      {
        atMs: 300_000,
        vitals: {
          'nibp-systolic': { value: 118, unit: 'mmHg' },
          'nibp-diastolic': { value: 64, unit: 'mmHg' },
          'nibp-mean': { value: 79, unit: 'mmHg' },
        },
      },
    ]);
    expect(skipped).toEqual([{ from: 'paop', unit: null, why: 'not a vital sign of the catalogue', values: 1 }]);
  });

  it('are refused when they are of several stays, and when a cell is no number', () => {
    expect(() => parse(APERIODIC, '1,1,5,118,,,,,,,,,', '2,2,5,118,,,,,,,,,')).toThrow(
      'v.csv holds 2 values of patientunitstayid',
    );
    expect(() => parse(APERIODIC, '1,1,5,high,,,,,,,,,')).toThrow(
      'v.csv row 2: noninvasivesystolic is not a number: high',
    );
    expect(isEicu(['time', 'vital', 'value'])).toBe(false);
  });
});
