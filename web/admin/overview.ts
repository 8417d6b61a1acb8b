import type { Assignment } from '#contracts/http/assignments.ts';
import type { Bed } from '#contracts/http/beds.ts';
import type { PlacedDevice } from '#contracts/http/devices.ts';
import type { Encounter } from '#contracts/http/encounters.ts';
import type { Patient } from '#contracts/http/patients.ts';
import type { LiveDevice } from '#contracts/live.ts';
import { ageGroupProposed } from '#domain/age.ts';
import { isUnwatched, type Monitoring } from '#domain/monitoring.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { Registry } from './registry.ts';

/** What is on record and what is heard, put side by side: who lies where, with which device, and what is amiss. */

/** `unheard`: nothing is known of it, as when the link to the station is lost. */
export type Hearing = {
  readonly state: LiveDevice['state'] | 'unheard';
  readonly since: number | null;
  /** The gateway with which it went offline. */
  readonly lostWith?: string | undefined;
  /** How it watches its bed, if it has one. */
  readonly monitoring?: Monitoring;
  /** A longer interval that waits for a person. */
  readonly intervalProposedMs?: number | null;
};

export type LiveDevices = ReadonlyMap<string, Hearing>;

export type BedRow = {
  readonly bed: Bed;
  readonly unitName: string;
  readonly patient: Patient | undefined;
  readonly encounter: Encounter | undefined;
  /** The one that came first first. */
  readonly devices: readonly DeviceRow[];
};

export type DeviceRow = {
  readonly device: PlacedDevice;
  readonly unitName: string;
  readonly bed: Bed | undefined;
  readonly assignment: Assignment | undefined;
  readonly hearing: Hearing;
};

export type PatientRow = { readonly patient: Patient; readonly at: BedRow | undefined; readonly isWaiting: boolean };

/** Something to see to, the most pressing first. */
export type Task =
  | { readonly kind: 'unwatched-patient'; readonly row: BedRow }
  | { readonly kind: 'silent-device'; readonly row: DeviceRow & { readonly bed: Bed } }
  | { readonly kind: 'age-group'; readonly row: PatientRow; readonly ageGroup: AgeGroup }
  | { readonly kind: 'interval'; readonly row: DeviceRow; readonly intervalMs: number }
  | { readonly kind: 'waiting-patient'; readonly patient: Patient }
  | { readonly kind: 'bed-without-device'; readonly row: BedRow }
  | { readonly kind: 'spare-device'; readonly row: DeviceRow };

export type Overview = {
  readonly beds: readonly BedRow[];
  readonly devices: readonly DeviceRow[];
  readonly patients: readonly PatientRow[];
  readonly tasks: readonly Task[];
};

const UNHEARD: Hearing = { state: 'unheard', since: null };

/** A device without a bed has no readings that anybody waits for. */
const isSilent = (row: DeviceRow): row is DeviceRow & { bed: Bed } => {
  const { state, monitoring } = row.hearing;
  if (row.bed === undefined) return false;
  return monitoring === undefined ? state === 'offline' || state === 'unknown' : isUnwatched(monitoring);
};

/** Only the age group of a patient who lies in a bed matters: it decides the limits there. */
const ageGroupTasks = (patients: readonly PatientRow[], nowMs: number): Task[] =>
  patients.flatMap((row) => {
    const ageGroup = row.at ? ageGroupProposed(row.patient, nowMs) : null;
    return ageGroup === null ? [] : [{ kind: 'age-group', row, ageGroup }];
  });

const intervalTasks = (devices: readonly DeviceRow[]): Task[] =>
  devices.flatMap((row) => {
    const intervalMs = row.hearing.intervalProposedMs ?? null;
    return intervalMs === null ? [] : [{ kind: 'interval', row, intervalMs }];
  });

const tasksOf = ({ beds, devices, patients }: Omit<Overview, 'tasks'>, nowMs: number): Task[] => [
  ...beds
    .filter((row) => row.patient && row.devices.length === 0)
    .map((row) => ({ kind: 'unwatched-patient' as const, row })),
  ...devices.filter(isSilent).map((row) => ({ kind: 'silent-device' as const, row })),
  ...ageGroupTasks(patients, nowMs),
  ...intervalTasks(devices),
  ...patients
    .filter(({ isWaiting }) => isWaiting)
    .map(({ patient }) => ({ kind: 'waiting-patient' as const, patient })),
  ...beds
    .filter((row) => !row.patient && row.devices.length === 0)
    .map((row) => ({ kind: 'bed-without-device' as const, row })),
  ...devices.filter(({ bed }) => !bed).map((row) => ({ kind: 'spare-device' as const, row })),
];

/** A patient who has left a bed has gone home; one who was never in a bed is still to be put there. */
export const overviewOf = (registry: Registry, live: LiveDevices, nowMs: number): Overview => {
  const { everInBed } = registry;
  const unitNames = new Map(registry.units.map(({ id, name }) => [id, name]));
  const bedsById = new Map(registry.beds.map((bed) => [bed.id, bed]));
  const patientsById = new Map(registry.patients.map((patient) => [patient.id, patient]));
  const encounters = new Map(registry.encounters.map((encounter) => [encounter.bed, encounter]));
  const assignments = new Map(registry.assignments.map((assignment) => [assignment.device, assignment]));

  const devices = registry.devices.map((device): DeviceRow => {
    const assignment = assignments.get(device.id);
    return {
      device,
      unitName: unitNames.get(device.unit) ?? device.unit,
      bed: assignment && bedsById.get(assignment.bed),
      assignment,
      hearing: live.get(device.id) ?? UNHEARD,
    };
  });
  const beds = registry.beds.map((bed): BedRow => {
    const encounter = encounters.get(bed.id);
    return {
      bed,
      unitName: unitNames.get(bed.unit) ?? bed.unit,
      patient: encounter && patientsById.get(encounter.patient),
      encounter,
      devices: devices
        .filter((row) => row.bed?.id === bed.id)
        .sort((one, other) => (one.assignment?.start ?? 0) - (other.assignment?.start ?? 0)),
    };
  });
  const placeOf = new Map(beds.flatMap((row) => (row.patient ? [[row.patient.id, row] as const] : [])));
  const patients = registry.patients.map((patient): PatientRow => {
    const at = placeOf.get(patient.id);
    return { patient, at, isWaiting: at === undefined && !everInBed.has(patient.id) };
  });
  return { beds, devices, patients, tasks: tasksOf({ beds, devices, patients }, nowMs) };
};

const holds = (wanted: string, texts: readonly (string | null | undefined)[]): boolean =>
  texts.some((text) => text?.toLowerCase().includes(wanted));

/** Keeps only rows with `wanted` in a name, label, id or record number. */
export const searched = ({ beds, devices, patients, tasks }: Overview, wanted: string): Overview => {
  const text = wanted.trim().toLowerCase();
  if (text === '') return { beds, devices, patients, tasks };
  return {
    beds: beds.filter((row) =>
      holds(text, [
        row.bed.id,
        row.bed.label,
        row.unitName,
        row.patient?.name,
        row.patient?.mrn,
        ...row.devices.map(({ device }) => device.id),
      ]),
    ),
    devices: devices.filter((row) =>
      holds(text, [row.device.id, row.device.model, row.unitName, row.bed?.id, row.bed?.label]),
    ),
    patients: patients.filter((row) =>
      holds(text, [row.patient.name, row.patient.mrn, row.at?.bed.label, row.at?.bed.id]),
    ),
    tasks,
  };
};
