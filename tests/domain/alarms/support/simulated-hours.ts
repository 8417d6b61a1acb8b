import { AGE_GROUPS, VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { createBed } from '../../../../simulators/bed.ts';
import type { ScenarioName } from '../../../../simulators/scenarios/scenarios.ts';
import { toReading } from './day.ts';
import { createTestBed, type TestBed } from './test-bed.ts';

type Simulated = {
  readonly scenario: ScenarioName;
  /** Decides the age group too. */
  readonly seed: number;
  readonly hours: number;
  /** Which of its vitals the monitor sends; unset: all. */
  readonly vitals?: readonly VitalId[];
};

/** A bed after hours of what the simulator sends. */
export const simulatedHours = ({ scenario, seed, hours, vitals: ids = VITAL_IDS }: Simulated): TestBed => {
  const age = AGE_GROUPS[seed % AGE_GROUPS.length] ?? 'adult';
  const simulated = createBed({ seed, profile: age, scenario, waves: false });
  const bed = createTestBed({ age });
  for (let second = 0; second < hours * 3_600; second++) {
    const { vitals } = simulated.nextSecond();
    const sent = ids.flatMap((id) => (vitals[id] === undefined ? [] : [toReading(id, vitals[id] ?? null)]));
    if (sent.length > 0) bed.sendReadings(sent);
    bed.skip(1);
  }
  return bed;
};
