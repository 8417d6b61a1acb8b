import type { Alarm } from '#domain/alarms/alarm.ts';

/**
 * How long a patient may be on the way between beds, as a transport may take. Alarms that nobody has answered go along
 * (D7).
 */
const ON_THE_WAY_MS = 3_600_000;

export type Departures = {
  readonly leave: (patient: number, alarms: readonly Alarm[], at: number) => void;
  /** What comes along to the next bed; each once. */
  readonly arrive: (patient: number, at: number) => readonly Alarm[];
};

export const createDepartures = (): Departures => {
  const onTheWay = new Map<number, { readonly alarms: readonly Alarm[]; readonly at: number }>();
  return {
    leave(patient, alarms, at) {
      for (const [other, { at: leftAt }] of onTheWay) if (at - leftAt > ON_THE_WAY_MS) onTheWay.delete(other);
      if (alarms.length > 0) onTheWay.set(patient, { alarms, at });
    },
    arrive(patient, at) {
      const found = onTheWay.get(patient);
      onTheWay.delete(patient);
      return found && at - found.at <= ON_THE_WAY_MS ? found.alarms : [];
    },
  };
};
