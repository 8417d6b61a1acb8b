import { isDeepStrictEqual } from 'node:util';
import type { LiveChange } from '#contracts/bus.ts';
import type {
  AlarmFrame,
  DeviceFrame,
  LatestValue,
  LatestVitals,
  LiveDevice,
  LiveDeviceLimits,
  LiveLimits,
  LiveOxygen,
  SnapshotFrame,
  VitalsFrame,
  WaveFrame,
} from '#contracts/live.ts';
import type { LiveState } from '#contracts/ports/ward-feed.ts';
import type { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { QUALITIES } from '#domain/quality.ts';
import { VITAL_IDS, type VitalId, vitalByMdc } from '#domain/vitals.ts';
import { type WaveId, waveByMdc } from '#domain/waveforms.ts';
import type { Reading, Samples } from './record.ts';
import type { Registry } from './registry.ts';

/**
 * The present of the ward, in memory, and its changes for screens. Does not wait for the journal or the database.
 * Vitals are gathered for a tick and go out as one frame a unit; alarms, waves and devices go out at once.
 */

export type DeviceChange = {
  readonly state?: LiveDevice['state'];
  readonly battery?: number | null;
  readonly clockOffsetMs?: number | null;
  readonly intervalMs?: number | null;
  readonly intervalProposedMs?: number | null;
  readonly data?: LiveDevice['data'];
  readonly lastLiveAt?: number | null;
};

/** What happened to the alarms of a bed, and all there now are. */
export type AlarmChange = {
  readonly events: readonly AlarmEvent[];
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
  readonly oxygen?: LiveOxygen | undefined;
};

export type Live = LiveState & {
  /** Beds, patients and devices as they now are. Values of a bed whose patient or device changed are forgotten. */
  readonly setRegistry: (registry: Registry) => void;
  /** `time` is when it was measured, not later than its arrival. Older than what is known already: ignored. */
  readonly vitals: (bed: string, time: number, readings: readonly Reading[]) => void;
  /** Its device's clock was put back: what is known is no newer than this, and what comes is. */
  readonly rewind: (bed: string, time: number) => void;
  readonly waves: (bed: string, time: number, items: readonly Samples[]) => void;
  readonly device: (id: string, change: DeviceChange) => void;
  /** `bed` null: of the station. Where nothing happened nobody is told: what they know is right already. */
  readonly alarms: (bed: string | null, change: AlarmChange) => void;
  readonly start: () => void;
  readonly stop: () => void;
};

type BedState = {
  readonly id: string;
  readonly unit: string;
  readonly label: string;
  /** Who and what is here: when it changes, what was measured before belongs to someone or something else. */
  readonly occupancy: string;
  readonly patient: SnapshotFrame['beds'][number]['patient'];
  readonly vitals: Partial<Record<VitalId, LatestValue>>;
  readonly limits: LiveLimits;
  readonly deviceLimits: LiveDeviceLimits;
  alarms: readonly Alarm[];
  inactivations: readonly Inactivation[];
  oxygen: LiveOxygen | undefined;
  changed: Partial<Record<VitalId, LatestValue>> | undefined;
  waveSeq: number;
};

type UnitState = { readonly id: string; readonly name: string; seq: number; readonly changedBeds: Set<BedState> };

const UNKNOWN_DEVICE: Omit<LiveDevice, 'id' | 'bed' | 'bedSince'> = {
  state: 'unknown',
  since: null,
  battery: null,
  clockOffsetMs: null,
  intervalMs: null,
  intervalProposedMs: null,
  data: 'none',
  lastLiveAt: null,
};

const isSame = (left: LiveDevice, right: LiveDevice): boolean =>
  left.bed === right.bed &&
  left.state === right.state &&
  left.battery === right.battery &&
  left.clockOffsetMs === right.clockOffsetMs &&
  left.intervalMs === right.intervalMs &&
  left.intervalProposedMs === right.intervalProposedMs &&
  left.data === right.data &&
  left.lastLiveAt === right.lastLiveAt;

const latest = (time: number, { value, quality }: Reading): LatestValue => {
  const name = QUALITIES[quality];
  const base = { value: Number.isNaN(value) ? null : value, time };
  return name === undefined || name === 'good' ? base : { ...base, quality: name };
};

export const createLive = ({
  tickMs,
  now,
  publish,
  onUnitChanged,
}: {
  tickMs: number;
  now: () => number;
  publish: (change: LiveChange) => void;
  onUnitChanged: (unit: string) => void;
}): Live => {
  let units = new Map<string, UnitState>();
  let beds = new Map<string, BedState>();
  let devices = new Map<string, { unit: string; device: LiveDevice }>();
  let stationAlarms: readonly Alarm[] = [];
  let timer: NodeJS.Timeout | undefined;
  const startedAt = now();

  const send = (frame: VitalsFrame | WaveFrame | DeviceFrame | AlarmFrame): void =>
    publish({ frame, text: JSON.stringify(frame) });

  const flushUnit = (unit: UnitState): void => {
    if (unit.changedBeds.size === 0) return;
    const changed: Record<string, LatestVitals> = {};
    for (const bed of unit.changedBeds) {
      if (bed.changed) changed[bed.id] = bed.changed;
      bed.changed = undefined;
    }
    unit.changedBeds.clear();
    send({ type: 'vitals', unit: unit.id, seq: ++unit.seq, time: now(), beds: changed });
  };

  const tick = (): void => {
    for (const unit of units.values()) flushUnit(unit);
  };

  const sendDevice = (unitId: string, device: LiveDevice): void => {
    const unit = units.get(unitId);
    if (unit) send({ type: 'device', unit: unit.id, seq: ++unit.seq, time: now(), device });
  };

  const bedStates = ({ data, encounterIn, configOf }: Registry): Map<string, BedState> => {
    const at = now();
    const patients = new Map(data.patients.map((patient) => [patient.id, patient]));
    const deviceOf = new Map(
      data.assignments.filter(({ end }) => end === null).map(({ bed, device, start }) => [bed, `${device}@${start}`]),
    );
    return new Map(
      data.beds.map(({ id, unit, label }) => {
        const encounter = encounterIn(id, at);
        const patient = encounter ? (patients.get(encounter.patient) ?? null) : null;
        const occupancy = `${unit}/${encounter?.id ?? ''}/${patient?.id ?? ''}/${deviceOf.get(id) ?? ''}`;
        const before = beds.get(id);
        const config = configOf(id, at);
        const kept = before?.occupancy === occupancy ? before : undefined;
        const state: BedState = {
          id,
          unit,
          label,
          occupancy,
          patient,
          vitals: kept?.vitals ?? {},
          limits: limitsOf(config),
          deviceLimits: deviceLimitsOf(config),
          alarms: before?.alarms ?? [],
          inactivations: before?.inactivations ?? [],
          oxygen: before?.oxygen,
          changed: kept?.changed,
          waveSeq: before?.waveSeq ?? 0,
        };
        return [id, state];
      }),
    );
  };

  /** What a snapshot says of each unit beside values and states: when it differs, screens need a new one. */
  const rosters = (): Map<string, string> => {
    const parts = new Map<string, unknown[]>([...units.values()].map(({ id, name }) => [id, [name]]));
    for (const { id, unit, label, occupancy, patient, limits, deviceLimits } of beds.values()) {
      parts.get(unit)?.push([id, label, occupancy, patient, limits, deviceLimits]);
    }
    for (const { unit, device } of devices.values()) parts.get(unit)?.push([device.id, device.bed, device.bedSince]);
    return new Map([...parts].map(([unit, roster]) => [unit, JSON.stringify(roster)]));
  };

  const deviceStates = ({ data, assignmentOf }: Registry): Map<string, { unit: string; device: LiveDevice }> => {
    const at = now();
    return new Map(
      data.devices.map(({ id, unit }) => {
        const known = devices.get(id)?.device ?? UNKNOWN_DEVICE;
        const assignment = assignmentOf(id, at);
        const bed = assignment?.bed ?? null;
        const bedSince = assignment ? Math.max(assignment.start, startedAt) : null;
        // A device stands in the unit of its bed; without one, in the unit it belongs to.
        const standsIn = (bed === null ? undefined : beds.get(bed)?.unit) ?? unit;
        return [id, { unit: standsIn, device: { ...known, id, bed, bedSince } }];
      }),
    );
  };

  return {
    units: () => [...units.values()].map(({ id, name }) => ({ id, name })),
    snapshot(id) {
      const unit = units.get(id);
      if (!unit) return undefined;
      // What was gathered so far belongs into a frame before the snapshot, not silently into the snapshot.
      flushUnit(unit);
      return {
        type: 'snapshot',
        unit: id,
        name: unit.name,
        seq: unit.seq,
        time: now(),
        beds: [...beds.values()]
          .filter((bed) => bed.unit === id)
          .map((bed) => ({
            id: bed.id,
            label: bed.label,
            patient: bed.patient,
            vitals: { ...bed.vitals },
            limits: bed.limits,
            deviceLimits: bed.deviceLimits,
            alarms: [...bed.alarms],
            inactivations: [...bed.inactivations],
            ...(bed.oxygen && { oxygen: bed.oxygen }),
          })),
        devices: [...devices.values()].filter((entry) => entry.unit === id).map((entry) => entry.device),
        stationAlarms: [...stationAlarms],
      };
    },
    setRegistry(registry) {
      tick();
      const before = rosters();
      units = new Map(
        registry.data.units.map(({ id, name }) => {
          const known = units.get(id);
          return [id, { id, name, seq: known?.seq ?? 0, changedBeds: new Set() }];
        }),
      );
      beds = bedStates(registry);
      devices = deviceStates(registry);
      const after = rosters();
      for (const unit of units.values()) {
        if (before.get(unit.id) === after.get(unit.id)) continue;
        unit.seq++;
        onUnitChanged(unit.id);
      }
    },
    vitals(bedId, time, readings) {
      const bed = beds.get(bedId);
      const unit = bed && units.get(bed.unit);
      if (!bed || !unit) return;
      const present = now();
      for (const reading of readings) {
        const id = vitalByMdc(reading.mdc);
        if (id === undefined) continue;
        const known = bed.vitals[id];
        // What is ahead of the present came before our clock was set back: it must not stand until then.
        if (known && known.time > time && known.time <= present) continue;
        const value = latest(time, reading);
        bed.vitals[id] = value;
        bed.changed ??= {};
        bed.changed[id] = value;
        unit.changedBeds.add(bed);
      }
    },
    rewind(bedId, time) {
      const vitals = beds.get(bedId)?.vitals ?? {};
      for (const id of VITAL_IDS) {
        const known = vitals[id];
        if (known && known.time > time) vitals[id] = { ...known, time };
      }
    },
    waves(bedId, time, items) {
      const bed = beds.get(bedId);
      if (!bed) return;
      const waves: { -readonly [Id in WaveId]?: { time: number; rate: number; samples: (number | null)[] } } = {};
      for (const { mdc, rate, samples } of items) {
        const id = waveByMdc(mdc);
        if (id) waves[id] = { time, rate, samples: Array.from(samples, roundSample) };
      }
      send({ type: 'wave', unit: bed.unit, bed: bedId, seq: ++bed.waveSeq, waves });
    },
    device(id, change) {
      const entry = devices.get(id);
      if (!entry) return;
      const since = change.state && change.state !== entry.device.state ? now() : entry.device.since;
      const device: LiveDevice = { ...entry.device, ...change, since };
      if (isSame(device, entry.device)) return;
      entry.device = device;
      sendDevice(entry.unit, device);
    },
    alarms(bedId, { events, alarms, inactivations, oxygen }) {
      const bed = bedId === null ? undefined : beds.get(bedId);
      const isOtherOxygen = bed !== undefined && !isDeepStrictEqual(bed.oxygen, oxygen);
      if (bed) Object.assign(bed, { alarms, inactivations, oxygen });
      else if (bedId === null) stationAlarms = alarms;
      if (events.length === 0 && !isOtherOxygen) return;
      for (const unit of units.values()) {
        if (bedId !== null && unit.id !== bed?.unit) continue;
        const present = { alarms: [...alarms], inactivations: [...inactivations], ...(oxygen && { oxygen }) };
        const all = { events: [...events], ...present };
        send({ type: 'alarm', unit: unit.id, seq: ++unit.seq, time: now(), bed: bedId, ...all });
      }
    },
    start() {
      timer ??= setInterval(tick, tickMs);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      tick();
    },
  };
};

/** Of the vitals that have any. */
const limitsOf = ({ vitals }: AlarmConfig): LiveLimits => {
  const limits: LiveLimits = {};
  for (const id of VITAL_IDS) {
    const { low, high } = vitals[id];
    if (low !== null || high !== null) limits[id] = { low, high };
  }
  return limits;
};

const deviceLimitsOf = ({ batteryLowPercent, clockToleranceMs }: AlarmConfig): LiveDeviceLimits => ({
  batteryLowPercent,
  clockToleranceMs,
});

/** Four significant decimals of a millivolt or an ohm are more than a screen can draw; they halve the frame. */
const roundSample = (sample: number): number | null => (Number.isNaN(sample) ? null : Math.round(sample * 1e4) / 1e4);
