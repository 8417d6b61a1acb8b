import { z } from 'zod';
import type { DeviceRole } from '#domain/sources/roles.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { createStationApi, type StationApi, StationRefusal } from './station-api.ts';

/** `role`: left out, the station takes it for a monitor. */
export type PlacedDevice = { readonly id: string; readonly model: string; readonly role?: DeviceRole };

/** A bed with a device at it, or several, and perhaps a patient in it, to be registered at a station. */
export type Place = {
  readonly unit: { readonly id: string; readonly name: string };
  readonly bed: { readonly id: string; readonly label: string };
  readonly device: PlacedDevice;
  /** Other devices at the bed. */
  readonly companions?: readonly PlacedDevice[];
  readonly patient?: {
    readonly mrn: string;
    readonly name: string;
    readonly birthDate: string;
    readonly sex: 'female' | 'male';
    readonly ageGroup: AgeGroup;
  };
};

export const devicesOf = ({ device, companions = [] }: Place): readonly PlacedDevice[] => [device, ...companions];

/** How many places are registered at a time. A station brings writes that come together into force together. */
const CONCURRENCY = 32;

const Anything = z.unknown();
const Credentials = z.object({ secret: z.string() });
const KnownDevices = z.array(z.object({ id: z.string() }));
const KnownBeds = z.array(z.object({ id: z.string(), unit: z.string(), label: z.string() }));
const Identified = z.object({ id: z.int() });
const FoundPatients = z.array(Identified.extend({ mrn: z.string().nullable() }));
const OpenStay = z.object({ id: z.int(), start: z.string() });
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

/** Does it, or does the other thing when the station says that it is there already. */
const unlessThere = async <Result>(create: Promise<Result>, otherwise: () => Promise<Result>): Promise<Result> => {
  try {
    return await create;
  } catch (error) {
    if (error instanceof StationRefusal && error.status === 409) return otherwise();
    throw error;
  }
};

/** What is done for one place, one step after the other. */
const createRegistrar = (api: StationApi, since: number) => {
  const start = new Date(since).toISOString();

  /** Begins earlier what began too late. */
  const reachBack = async (kind: 'assignments' | 'encounters', open: z.infer<typeof OpenStay>) => {
    if (Date.parse(open.start) > since) await api.request(Anything, 'PATCH', `${kind}/${open.id}`, { start });
  };

  const renewSecret = async (device: string) =>
    (await api.request(Credentials, 'POST', `devices/${at(device)}/secret`)).secret;

  const findPatient = async (mrn: string): Promise<number> => {
    const found = await api.request(FoundPatients, 'GET', `patients?search=${at(mrn)}`);
    const patient = found.find((candidate) => candidate.mrn === mrn);
    if (!patient) throw new UserError(`the station neither takes nor finds the patient ${mrn}`);
    return patient.id;
  };

  return {
    secretFor: ({ unit }: Place, device: PlacedDevice, known: boolean): Promise<string> => {
      const create = async () =>
        (await api.request(Credentials, 'POST', 'devices', { ...device, unit: unit.id })).secret;
      return known ? renewSecret(device.id) : unlessThere(create(), () => renewSecret(device.id));
    },

    /** `newBed`: the bed is new and must be empty, which saves the question. */
    async assign(place: Place, newBed: boolean) {
      const { bed } = place;
      const path = `assignments?open=true&bed=${at(bed.id)}`;
      const all = newBed ? [] : await api.request(OpenAssignments, 'GET', path);
      const own = devicesOf(place).map(({ id }) => id);
      const stranger = all.find(({ device }) => !own.includes(device));
      for (const device of own) {
        const open = all.find((assignment) => assignment.device === device);
        if (open) await reachBack('assignments', open);
        // A simulated device beside a real one would take its vitals over.
        else if (stranger)
          throw new UserError(`bed ${bed.id} already has the device ${stranger.device}: end its assignment first`);
        else await api.request(Anything, 'POST', 'assignments', { device, bed: bed.id, start });
      }
    },

    async admit({ bed, patient }: Place, newBed: boolean) {
      const path = `encounters?open=true&bed=${at(bed.id)}`;
      const [open] = newBed ? [] : await api.request(OpenEncounters, 'GET', path);
      if (open) return reachBack('encounters', open);
      if (!patient) return;
      const create = async () => (await api.request(Identified, 'POST', 'patients', patient)).id;
      const id = await unlessThere(create(), () => findPatient(patient.mrn));
      await api.request(Anything, 'POST', 'encounters', { patient: id, bed: bed.id, start });
    },
  };
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
  const units = new Map(places.map(({ unit }) => [unit.id, unit]));
  await forEachLimited([...units.values()], async ({ id, name }) => {
    await api.request(Anything, 'PUT', `units/${at(id)}`, { name });
  });
  const [devices, beds] = await Promise.all([
    api.request(KnownDevices, 'GET', 'devices'),
    api.request(KnownBeds, 'GET', 'beds'),
  ]);
  const knownDevices = new Set(devices.map(({ id }) => id));
  const knownBeds = new Map(beds.map((bed) => [bed.id, bed]));
  const registrar = createRegistrar(api, since);

  const secrets = new Map<string, string>();
  let done = 0;
  await forEachLimited(places, async (place) => {
    const { unit, bed } = place;
    const known = knownBeds.get(bed.id);
    if (known?.unit !== unit.id || known.label !== bed.label) {
      await api.request(Anything, 'PUT', `beds/${at(bed.id)}`, { unit: unit.id, label: bed.label });
    }
    for (const device of devicesOf(place)) {
      secrets.set(device.id, await registrar.secretFor(place, device, knownDevices.has(device.id)));
    }
    await registrar.assign(place, known === undefined);
    await registrar.admit(place, known === undefined);
    onProgress?.(++done, places.length);
  });
  return secrets;
};
