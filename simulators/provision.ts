import { z } from 'zod';
import type { AgeGroup } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { createStationApi, type StationApi, StationRefusal } from './station-api.ts';

/** A bed with a device at it, and perhaps a patient in it, to be registered at a station. */
export type Place = {
  readonly unit: { readonly id: string; readonly name: string };
  readonly bed: { readonly id: string; readonly label: string };
  readonly device: { readonly id: string; readonly model: string };
  readonly patient?: {
    readonly mrn: string;
    readonly name: string;
    readonly birthDate: string;
    readonly sex: 'female' | 'male';
    readonly ageGroup: AgeGroup;
  };
};

/** How many places are registered at a time: enough to keep the station's database busy, not to flood it. */
const CONCURRENCY = 8;

const Anything = z.unknown();
const Credentials = z.object({ secret: z.string() });
const Known = z.array(z.object({ id: z.string() }));
const KnownPatients = z.array(z.object({ id: z.int(), mrn: z.string().nullable() }));
const Identified = z.object({ id: z.int() });
const OpenStay = z.object({ id: z.int(), bed: z.string(), start: z.string() });
const OpenAssignments = z.array(OpenStay.extend({ device: z.string() }));
const OpenEncounters = z.array(OpenStay);

/** Works through the items, a few at a time, and fails with the first that fails. */
const forEachLimited = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
};

const at = (id: string): string => encodeURIComponent(id);

/** A new device, or an existing one given a new secret. */
const obtainSecret = async (api: StationApi, { unit, device }: Place, known: boolean): Promise<string> => {
  const renew = async () => (await api.request(Credentials, 'POST', `devices/${at(device.id)}/secret`)).secret;
  if (known) return renew();
  try {
    return (await api.request(Credentials, 'POST', 'devices', { ...device, unit: unit.id })).secret;
  } catch (error) {
    if (error instanceof StationRefusal && error.status === 409) return renew();
    throw error;
  }
};

/**
 * Registers units, beds, devices and patients; what is there already is used again, each device with a new secret.
 * Devices and patients are in their beds from `since` (epoch milliseconds), so that readings from then on are theirs.
 * Returns the secrets by device id.
 */
export const provision = async ({
  stationUrl,
  token,
  places,
  since,
  signal,
  onProgress,
}: {
  stationUrl: string;
  token: string;
  places: readonly Place[];
  since: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}): Promise<Map<string, string>> => {
  const api = createStationApi({ url: stationUrl, token, signal });
  const start = new Date(since).toISOString();
  const units = new Map(places.map(({ unit }) => [unit.id, unit]));
  await forEachLimited([...units.values()], async ({ id, name }) => {
    await api.request(Anything, 'PUT', `units/${at(id)}`, { name });
  });
  const [devices, assignments, encounters, patients] = await Promise.all([
    api.request(Known, 'GET', 'devices'),
    api.request(OpenAssignments, 'GET', 'assignments?open=true'),
    api.request(OpenEncounters, 'GET', 'encounters?open=true'),
    api.request(KnownPatients, 'GET', 'patients'),
  ]);
  const knownDevices = new Set(devices.map(({ id }) => id));
  const assignmentOf = new Map(assignments.map((assignment) => [assignment.device, assignment]));
  const deviceAt = new Map(assignments.map(({ bed, device }) => [bed, device]));
  const encounterAt = new Map(encounters.map((encounter) => [encounter.bed, encounter]));
  const patientOf = new Map(patients.map(({ mrn, id }) => [mrn, id]));

  /** Begins earlier what began too late. */
  const reachBack = async (kind: 'assignments' | 'encounters', open: z.infer<typeof OpenStay>) => {
    if (Date.parse(open.start) > since) await api.request(Anything, 'PATCH', `${kind}/${open.id}`, { start });
  };

  const assign = async ({ bed, device }: Place) => {
    const open = assignmentOf.get(device.id);
    const other = deviceAt.get(bed.id);
    if (other !== undefined && other !== device.id) {
      throw new UserError(`bed ${bed.id} already has the device ${other}: end its assignment, or use another station`);
    }
    if (open?.bed === bed.id) return reachBack('assignments', open);
    await api.request(Anything, 'POST', 'assignments', { device: device.id, bed: bed.id, start });
  };

  const admit = async ({ bed, patient }: Place) => {
    const open = encounterAt.get(bed.id);
    if (open) return reachBack('encounters', open);
    if (!patient) return;
    const id = patientOf.get(patient.mrn) ?? (await api.request(Identified, 'POST', 'patients', patient)).id;
    await api.request(Anything, 'POST', 'encounters', { patient: id, bed: bed.id, start });
  };

  const secrets = new Map<string, string>();
  await forEachLimited(places, async (place) => {
    const { unit, bed, device } = place;
    await api.request(Anything, 'PUT', `beds/${at(bed.id)}`, { unit: unit.id, label: bed.label });
    secrets.set(device.id, await obtainSecret(api, place, knownDevices.has(device.id)));
    await assign(place);
    await admit(place);
    onProgress?.(secrets.size, places.length);
  });
  return secrets;
};
