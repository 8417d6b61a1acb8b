import type { LiveDevice, LiveDeviceLimits, LiveLimits } from '#contracts/live.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { DEFAULT_ROLE } from '#domain/sources/roles.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { makeOnce } from '#platform/make-once.ts';
import type { Registry } from '../registry.ts';
import type { BedDevice, BedState, DeviceState, Present, UnitRoster, UnitState } from './present.ts';

/** Which units, beds, patients and devices there are, from the registry. */

const UNKNOWN_DEVICE: Omit<LiveDevice, 'id' | 'role' | 'bed' | 'bedSince'> = {
  state: 'unknown',
  since: null,
  battery: null,
  clockOffsetMs: null,
  intervalMs: null,
  intervalProposedMs: null,
  data: 'none',
  lastLiveAt: null,
};

/** The limits in force; a vital without any is left out. */
const limitsOf = makeOnce(({ vitals }: AlarmConfig): LiveLimits => {
  const limits: LiveLimits = {};
  for (const id of VITAL_IDS) {
    const { low, high } = vitals[id];
    if (low !== null || high !== null) limits[id] = { low, high };
  }
  return limits;
});

const deviceLimitsOf = makeOnce(
  ({ batteryLowPercent, clockToleranceMs }: AlarmConfig): LiveDeviceLimits => ({ batteryLowPercent, clockToleranceMs }),
);

const textOf = makeOnce((limits: LiveLimits | LiveDeviceLimits): string => JSON.stringify(limits));

const unitsOf = ({ units }: Present, { data }: Registry): Map<string, UnitState> =>
  new Map(
    data.units.map(({ id, name }) => [
      id,
      { id, name, seq: units.get(id)?.seq ?? 0, changedBeds: new Set<BedState>() },
    ]),
  );

/** The devices at each bed, by bed: the one that came first first. */
const devicesByBed = ({ assignments, devices }: Registry['data']): Map<string, BedDevice[]> => {
  const roles = new Map(devices.map(({ id, role }) => [id, role]));
  const byBed = new Map<string, BedDevice[]>();
  const open = assignments.filter(({ end }) => end === null).sort((one, other) => one.start - other.start);
  for (const { bed, device, start } of open) {
    byBed.set(bed, [...(byBed.get(bed) ?? []), { id: device, role: roles.get(device) ?? DEFAULT_ROLE, start }]);
  }
  return byBed;
};

/**
 * What is known of the bed's values, if nobody else came. Devices may come and go beside a patient; where no patient is
 * admitted, a wholly other set of devices counts as another patient, as it does for the alarms (D6).
 */
const keptOf = (before: BedState | undefined, occupancy: string, devices: readonly BedDevice[]) => {
  if (before?.occupancy !== occupancy) return undefined;
  const isShared = devices.some(({ id, start }) =>
    before.devices.some((device) => device.id === id && device.start === start),
  );
  return before.patient || isShared ? before : undefined;
};

/** Values of a bed are kept for as long as the same patient is there; alarms end by themselves. */
const bedsOf = ({ beds }: Present, { data, encounterIn, configOf }: Registry, at: number): Map<string, BedState> => {
  const patients = new Map(data.patients.map((patient) => [patient.id, patient]));
  const byBed = devicesByBed(data);
  const stateOf = ({ id, unit, label }: { id: string; unit: string; label: string }): BedState => {
    const encounter = encounterIn(id, at);
    const patient = encounter ? (patients.get(encounter.patient) ?? null) : null;
    const occupancy = `${unit}/${encounter?.id ?? ''}/${patient?.id ?? ''}`;
    const config = configOf(id, at);
    const before = beds.get(id);
    const devices = byBed.get(id) ?? [];
    const kept = keptOf(before, occupancy, devices);
    return {
      id,
      unit,
      label,
      occupancy,
      patient,
      devices,
      vitals: kept?.vitals ?? {},
      others: Object.fromEntries(
        Object.entries(kept?.others ?? {}).filter(([one]) => devices.some(({ id }) => id === one)),
      ),
      limits: limitsOf(config),
      deviceLimits: deviceLimitsOf(config),
      alarms: before?.alarms ?? [],
      inactivations: before?.inactivations ?? [],
      oxygen: before?.oxygen,
      monitorAlarms: before?.monitorAlarms ?? [],
      changed: kept?.changed,
      changedOthers: kept?.changedOthers,
      waveSources: kept?.waveSources ?? new Map(),
      waveSeq: before?.waveSeq ?? 0,
    };
  };
  return new Map(data.beds.map((bed) => [bed.id, stateOf(bed)]));
};

const devicesOf = (
  { beds, devices, startedAt }: Present,
  { data, assignmentOf }: Registry,
  at: number,
): Map<string, DeviceState> =>
  new Map(
    data.devices.map(({ id, unit, role = DEFAULT_ROLE }) => {
      const known = devices.get(id)?.device ?? UNKNOWN_DEVICE;
      const assignment = assignmentOf(id, at);
      const bed = assignment?.bed ?? null;
      const bedSince = assignment ? Math.max(assignment.start, startedAt) : null;
      const standsIn = (bed === null ? undefined : beds.get(bed)?.unit) ?? unit;
      return [id, { unit: standsIn, device: { ...known, id, role, bed, bedSince } }];
    }),
  );

const byUnitOf = ({ units, beds, devices }: Present): Map<string, UnitRoster> => {
  const byUnit = new Map([...units.keys()].map((id) => [id, { beds: [] as BedState[], devices: [] as DeviceState[] }]));
  for (const bed of beds.values()) byUnit.get(bed.unit)?.beds.push(bed);
  for (const device of devices.values()) byUnit.get(device.unit)?.devices.push(device);
  return byUnit;
};

/** As texts, which are compared. The limits of a ward are a few, and those of each bed are most of the text. */
const rostersOf = ({ units, beds, devices }: Present): Map<string, string> => {
  const parts = new Map<string, unknown[]>([...units.values()].map(({ id, name }) => [id, [name]]));
  for (const { id, unit, label, occupancy, patient, limits, deviceLimits } of beds.values()) {
    parts.get(unit)?.push(id, label, occupancy, patient, textOf(limits), textOf(deviceLimits));
  }
  for (const { unit, device } of devices.values())
    parts.get(unit)?.push(device.id, device.role, device.bed, device.bedSince);
  return new Map([...parts].map(([unit, roster]) => [unit, JSON.stringify(roster)]));
};

/** Brings the present in line with this registry, and returns the units of which screens need a new snapshot. */
export const useRoster = (present: Present, registry: Registry, at: number): UnitState[] => {
  const before = present.rosters;
  present.units = unitsOf(present, registry);
  present.beds = bedsOf(present, registry, at);
  present.devices = devicesOf(present, registry, at);
  present.byUnit = byUnitOf(present);
  present.rosters = rostersOf(present);
  return [...present.units.values()].filter(({ id }) => before.get(id) !== present.rosters.get(id));
};
