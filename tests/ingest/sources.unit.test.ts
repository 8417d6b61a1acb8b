import { describe, expect, it } from 'vitest';
import { step } from '#domain/alarms/engine.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type AlarmState, initialState } from '#domain/alarms/state.ts';
import { decodeVitals } from '../../ingest/decode.ts';

/** From the payload of a device to the alarms of its bed, without what lies between. */
const config = PRESETS.adult;
const START = 1_800_000_000_000;

const occupied = (): AlarmState =>
  step(initialState('bed-1'), { type: 'occupied', at: START, device: 'd', encounter: 1, config }, config).state;

/** One message a second of each of the values; what was announced, by condition. */
const announced = (key: string, values: readonly number[]): string[] => {
  let state = occupied();
  const conditions: string[] = [];
  for (const [second, value] of values.entries()) {
    const at = START + second * 1_000;
    const { messages } = decodeVitals(Buffer.from(JSON.stringify({ time: at, vitals: { [key]: value } })));
    const after = step(state, { type: 'vitals', at, time: at, readings: messages[0]?.items ?? [] }, config);
    conditions.push(
      ...after.events.flatMap((event) =>
        event.type === 'onset' || event.type === 'escalated' ? [event.alarm.condition] : [],
      ),
    );
    state = after.state;
  }
  return conditions;
};

const breathing = Array.from({ length: 40 }, () => 14);
const stopped = Array.from({ length: 40 }, () => 0);

describe('a device that sends its rate of breathing by one source only', () => {
  it.each(['MDC_TTHOR_RESP_RATE', 'MDC_CO2_RESP_RATE', 'MDC_AWAY_RESP_RATE', '151586', '76172-6'])(
    '%s: has one apnoea, after breaths were seen',
    (key) => {
      expect(announced(key, [...breathing, ...stopped])).toContain('apnoea');
      expect(announced(key, [...breathing, ...stopped]).filter((one) => one === 'apnoea')).toHaveLength(1);
      expect(announced(key, stopped)).not.toContain('apnoea');
    },
  );

  it('has the limits of the rate once', () => {
    const fast = Array.from({ length: 20 }, () => 40);
    expect(announced('MDC_VENT_RESP_RATE', [...breathing, ...fast])).toEqual(['high-limit']);
  });
});

it('the oxygen that is set alarms as the one that is measured', () => {
  expect(announced('19994-3', [40, ...Array.from({ length: 20 }, () => 15)])).toEqual(['low-limit']);
});
