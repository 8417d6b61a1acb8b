import { z } from 'zod';
import { Assignment } from '#contracts/http/assignments.ts';
import { Bed } from '#contracts/http/beds.ts';
import { PlacedDevice } from '#contracts/http/devices.ts';
import { Encounter } from '#contracts/http/encounters.ts';
import { PresentGateway } from '#contracts/http/gateways.ts';
import { Patient } from '#contracts/http/patients.ts';
import { Unit } from '#contracts/http/units.ts';
import type { Answer, Server } from '../shell/server.ts';

/** What the station has on record of the ward, read whole: some hundred rows. */

export type Registry = {
  readonly units: readonly Unit[];
  readonly beds: readonly Bed[];
  readonly devices: readonly PlacedDevice[];
  readonly gateways: readonly PresentGateway[];
  /** The newest 500 patients, and every patient who lies in a bed. */
  readonly patients: readonly Patient[];
  /** The open stays: who lies where. */
  readonly encounters: readonly Encounter[];
  readonly assignments: readonly Assignment[];
  /** Patients who were ever in a bed, as far back as the station lists at once. */
  readonly everInBed: ReadonlySet<number>;
};

const OPEN = { open: 'true' } as const;

/** The refusal of the first question that was refused. */
export const readRegistry = async (server: Server, signal?: AbortSignal): Promise<Answer<Registry>> => {
  const [units, beds, devices, gateways, patients, encounters, past, assignments] = await Promise.all([
    server.get(z.array(Unit), 'units', {}, signal),
    server.get(z.array(Bed), 'beds', {}, signal),
    server.get(z.array(PlacedDevice), 'devices', {}, signal),
    server.get(z.array(PresentGateway), 'gateways', {}, signal),
    server.get(z.array(Patient), 'patients', {}, signal),
    server.get(z.array(Encounter), 'encounters', OPEN, signal),
    server.get(z.array(Encounter), 'encounters', {}, signal),
    server.get(z.array(Assignment), 'assignments', OPEN, signal),
  ]);
  if (!units.isOk) return units;
  if (!beds.isOk) return beds;
  if (!devices.isOk) return devices;
  if (!gateways.isOk) return gateways;
  if (!patients.isOk) return patients;
  if (!encounters.isOk) return encounters;
  if (!past.isOk) return past;
  if (!assignments.isOk) return assignments;

  const known = new Set(patients.value.map(({ id }) => id));
  const others: Patient[] = [];
  for (const { patient } of encounters.value) {
    if (known.has(patient)) continue;
    const answer = await server.get(Patient, `patients/${patient}`, {}, signal);
    if (!answer.isOk) return answer;
    others.push(answer.value);
  }
  return {
    isOk: true,
    value: {
      units: units.value,
      beds: beds.value,
      devices: devices.value,
      gateways: gateways.value,
      patients: [...patients.value, ...others],
      encounters: encounters.value,
      assignments: assignments.value,
      everInBed: new Set(past.value.map(({ patient }) => patient)),
    },
  };
};
