import { expect, test } from 'vitest';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { step } from '#domain/alarms/engine.ts';
import { type AlarmConfig, override, PRESETS } from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { initialState } from '#domain/alarms/state.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import type { Frame } from '../../../simulators/formats/recording.ts';
import { readWhole, recordingPath, withoutRecordings } from '../../simulators/support/recordings.ts';
import { toReading } from './support/day.ts';
import { describeEvent, START } from './support/test-bed.ts';

/** Real patients through the engine at their own times: a reading arrives when it was measured. */

type Told = { readonly events: readonly AlarmEvent[]; readonly frames: readonly Frame[] };

const listen = (name: string, config: AlarmConfig): Told => {
  const { frames } = readWhole(recordingPath(name));
  const events: AlarmEvent[] = [];
  let state = initialState('bed-1');
  let at = START;
  for (const { atMs, vitals = {} } of frames) {
    at = START + atMs;
    const readings = VITAL_IDS.flatMap((id) => {
      const input = vitals[id];
      return input === undefined ? [] : [toReading(id, input)];
    });
    const result = step(state, { type: 'vitals', at, time: at, readings }, config);
    state = result.state;
    events.push(...result.events);
  }
  return { events: [...events, ...step(state, { type: 'tick', at: at + 1 }, config).events], frames };
};

const alarmsOf = (events: readonly AlarmEvent[], kind: string) =>
  events.flatMap((event) => ('alarm' in event && event.alarm.kind === kind ? [event] : []));

const bidmc = (number: number): string => `bidmc/bidmc_${String(number).padStart(2, '0')}_Numerics.csv`;

/** Everything told of the patients of whom anything is told in their eight minutes, and why. */
const STORIES: Readonly<Record<number, { readonly why: string; readonly told: readonly string[] }>> = {
  13: {
    why: `respiration goes from 2 to 0 after more than 30 s of breaths: apnoea, latched, and again with each row of
      zeros of 20 s or more (of five; the 17 s from 128 s on are no apnoea); 20 s of NaN twice`,
    told: [
      '53 s onset respiratory-rate-low low-limit',
      '83 s escalated respiratory-rate-low apnoea',
      '99 s latched respiratory-rate-low apnoea recovered',
      '211 s recurred respiratory-rate-low apnoea',
      '239 s latched respiratory-rate-low apnoea inhibited',
      '239 s onset respiratory-rate-signal sensor-off',
      '245 s ended respiratory-rate-signal sensor-off recovered',
      '265 s recurred respiratory-rate-low apnoea',
      '291 s latched respiratory-rate-low apnoea recovered',
      '334 s recurred respiratory-rate-low apnoea',
      '443 s latched respiratory-rate-low apnoea inhibited',
      '443 s onset respiratory-rate-signal sensor-off',
      '447 s ended respiratory-rate-signal sensor-off recovered',
      '467 s recurred respiratory-rate-low apnoea',
    ],
  },
  14: {
    why: 'respiration is 31 to 34 for 9 s',
    told: ['464 s onset respiratory-rate-high high-limit', '468 s ended respiratory-rate-high high-limit recovered'],
  },
  19: {
    why: 'the probe is off: one technical alarm that names its two vitals, and no desaturation',
    told: [
      '292 s onset pulse-rate-signal sensor-off',
      '292 s changed pulse-rate-signal sensor-off',
      '297 s changed pulse-rate-signal sensor-off',
      '297 s ended pulse-rate-signal sensor-off recovered',
    ],
  },
  21: {
    why: 'the heart runs at 121 to 129 until the end',
    told: ['40 s onset heart-rate-high high-limit', '49 s changed heart-rate-high high-limit'],
  },
  25: {
    why: 'the heart runs at up to 139, below what is extreme, and slows down twice; the pulse does not',
    told: [
      '5 s onset heart-rate-high high-limit',
      '6 s changed heart-rate-high high-limit',
      '396 s changed heart-rate-high high-limit',
      '415 s changed heart-rate-high high-limit',
      '465 s changed heart-rate-high high-limit',
    ],
  },
};

test.skipIf(withoutRecordings)(
  `B1, B3, D1: 26 patients of an ICU alarm as pinned, for the reasons given${withoutRecordings ? ` (${withoutRecordings})` : ''}`,
  () => {
    for (let number = 1; number <= 26; number++) {
      const told = listen(bidmc(number), PRESETS.adult).events.map(describeEvent);
      const { why, told: expected } = STORIES[number] ?? { why: 'everything is inside the limits', told: [] };
      expect([...told].sort(), `${number}: ${why}`).toEqual([...expected].sort());
    }
  },
);

/** One reading a minute: a value stands for two and a half of them, and so may the device be silent. */
const ONCE_A_MINUTE = override(PRESETS.adult, {
  silentAfterMs: { continuous: 150_000 },
  deviceSilentAfterMs: 150_000,
});
const DISCONNECTED_AS_ZERO = 'wfdb/s00001_numerics_1permin.csv';

test.skipIf(withoutRecordings)(
  `B1, D3: 32 hours with "disconnected" as 0 give no alarm of a pressure that was 0${withoutRecordings ? ` (${withoutRecordings})` : ''}`,
  () => {
    expect(configProblems(ONCE_A_MINUTE)).toEqual([]);
    const { events } = listen(DISCONNECTED_AS_ZERO, ONCE_A_MINUTE);
    const pressures = events.flatMap((event) =>
      'alarm' in event && /^(abp|nibp)-.*-(low|high)$/.test(event.alarm.kind) && event.type === 'onset'
        ? [event.alarm]
        : [],
    );
    // Two cuff pressures that were high, and a mean arterial pressure of 25 as the line came back.
    expect(pressures.map(({ kind, value }) => [kind, value])).toEqual([
      ['nibp-systolic-high', expect.any(Number)],
      ['nibp-systolic-high', expect.any(Number)],
      ['abp-mean-low', 25.3],
    ]);
    expect(alarmsOf(events, 'spo2-low')).toEqual([]);
    // The transducer is off at the start, and is taken off twice: said once for each.
    const lost = alarmsOf(events, 'abp-systolic-signal').filter(({ type }) => type === 'onset');
    expect(lost).toHaveLength(3);
    expect(
      events.flatMap((event) => ('alarm' in event && event.type === 'onset' ? [event.alarm.kind] : [])),
    ).not.toContain('abp-mean-signal');
  },
);

/**
 * What a clinician should know of this recording: its monitor sends heart rate 0 when it is unplugged, together with 0 for
 * everything else, a saturation of 0 too, which no patient has. That is told for what it is, of high priority, for some monitors
 * would send the same of a patient who dies. A gateway that knows such a source should send null.
 */
test.skipIf(withoutRecordings)(
  `B2, B5, B6: 32 hours with "disconnected" as 0, once a minute, have no asystole but one beside a pulse, which it names${withoutRecordings ? ` (${withoutRecordings})` : ''}`,
  () => {
    const { events, frames } = listen(DISCONNECTED_AS_ZERO, ONCE_A_MINUTE);
    const rates = frames.flatMap(({ vitals }) => {
      const rate = vitals?.['heart-rate'];
      return rate === undefined ? [] : [toReading('heart-rate', rate).value];
    });
    const rowsOfZero = rates.filter((rate, index) => rate === 0 && rates[index - 1] !== 0);
    expect(rowsOfZero).toHaveLength(7);
    const told = alarmsOf(events, 'heart-rate-low').filter(
      ({ type, alarm }) => alarm.value === 0 && ['onset', 'escalated', 'recurred'].includes(type),
    );
    expect(told.map(({ alarm }) => alarm.condition).filter((one) => one !== 'low-limit')).toEqual([
      'no-beats',
      'no-signs',
      'no-signs',
      'asystole',
    ]);
    expect(told.at(-1)?.alarm.also).toEqual([{ vital: 'pulse-rate', value: expect.any(Number), limit: null }]);
  },
);
