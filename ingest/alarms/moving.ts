import type { AlarmInput } from '#domain/alarms/alarm.ts';
import { alarmsToCarry } from '#domain/alarms/moves.ts';
import type { RegistryData } from '../registry.ts';
import { createDepartures } from './departures.ts';
import { type Inbox, TAKEN_AFTER_MS } from './inbox.ts';
import { feed, type Subject, takeWaiting } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** Patients who come to a bed and leave it, and where the one who comes was before. */
export type Move = {
  readonly leaving?: number | undefined;
  readonly coming?: number | undefined;
  readonly from?: string | undefined;
  /** Beds whose patient has left already, because two patients may change places. */
  readonly left: Set<string>;
};

/** The patient in each bed, by bed. */
const patientsIn = ({ encounters }: RegistryData): Map<string, number> =>
  new Map(encounters.filter(({ end }) => end === null).map(({ patient, bed }) => [bed, patient]));

/** How each bed changes hands from one registry to the next. */
export const movesBetween = (before: RegistryData, next: RegistryData): ((bed: string) => Move) => {
  const patientsBefore = patientsIn(before);
  const patients = patientsIn(next);
  const bedsBefore = new Map([...patientsBefore].map(([bed, patient]) => [patient, bed]));
  const left = new Set<string>();
  return (bed) => {
    const [leaving, coming] = [patientsBefore.get(bed), patients.get(bed)];
    return leaving === coming ? { left } : { leaving, coming, from: bedsBefore.get(coming ?? Number.NaN), left };
  };
};

/** Has alarms that nobody has answered go along with a patient who moves (D7). */
export type Moving = {
  /** Completes the input that a bed has changed hands, when it is taken. */
  readonly carryAlong: (subject: Subject, move: Move) => (input: AlarmInput) => AlarmInput;
};

export const createMoving = ({
  subjects: { beds },
  inbox,
  now,
}: {
  subjects: Subjects;
  inbox: Pick<Inbox, 'settle'>;
  now: () => number;
}): Moving => {
  const departures = createDepartures();

  const leave = (subject: Subject, patient: number, at: number): void => {
    feed(subject, { type: 'tick', at });
    departures.leave(patient, alarmsToCarry(subject.state), at);
  };

  return {
    /**
     * What a patient takes along is known once the former bed has taken all inputs from before the move. The former bed
     * is also stored first, so that the record ends with where the alarm is now.
     */
    carryAlong:
      (subject, { leaving, coming, from, left }) =>
      (input) => {
        left.add(subject.key);
        if (leaving !== undefined) leave(subject, leaving, input.at);
        const before = beds.get(from ?? '');
        if (before && !left.has(before.key)) {
          takeWaiting(before, input.at + TAKEN_AFTER_MS);
          inbox.settle(before, now());
        }
        const carried = coming === undefined ? [] : departures.arrive(coming, input.at);
        return carried.length === 0 || input.type !== 'occupied' ? input : { ...input, carried: [...carried] };
      },
  };
};
