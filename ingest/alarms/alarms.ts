import type { Registry as MetricsRegistry } from 'prom-client';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { Journal } from '#contracts/ports/journal.ts';
import type { OwnedUnits, Ownership } from '#contracts/ports/ownership.ts';
import type { Clock } from '#platform/clock.ts';
import type { AlarmRecord } from '../alarm-record.ts';
import type { Append } from '../append.ts';
import type { AlarmChange } from '../live/changes.ts';
import type { Block, Reading } from '../record.ts';
import type { Registry } from '../registry.ts';
import { createAnnouncing } from './announcing.ts';
import { createDecisions, type Decision } from './decisions.ts';
import { createDesk } from './desk.ts';
import { createDevices, type Devices } from './devices.ts';
import { createLostGateways, type LostGateways } from './gateways.ts';
import { createInbox } from './inbox.ts';
import { createMoving } from './moving.ts';
import { createOccupancy, type Occupancy } from './occupancy.ts';
import { createReadings } from './readings.ts';
import { createRestoring } from './restoring.ts';
import { type OnUnreadable, readTail } from './saved.ts';
import { createSources, type Sources } from './sources.ts';
import { createStamps } from './stamps.ts';
import { type StationFacts, stationNews } from './station.ts';
import { allOf, createSubjects } from './subjects.ts';
import { createTicking } from './ticking.ts';

/**
 * Drives the alarm engine, one subject a bed and one for the station:
 *
 *   readings ─▶ sources ─────────────┐
 *   devices, registry ──┐            ▼
 *   operators, station ─┴─▶ inbox ─▶ subject ─▶ step ─▶ decision ─▶ journal, with the readings that made it
 *   clock ───────────────────────────┘                     └─▶ announced, once it is stored ─▶ live ─▶ screens, MQTT
 */
export type Alarms = AlarmDesk & {
  /** Must be called with the journal open. Resolves when what was announced before is known again. */
  readonly start: (registry: Registry) => Promise<void>;
  readonly stop: () => void;
  /** Resolves when it is in force: at once when there is no new bed. While stopped it is left to the next start. */
  readonly setRegistry: (registry: Registry) => Promise<void>;
  /**
   * Takes the readings of one message that are not late, and by how much the device's clock was put forward or back
   * before it. undefined: the readings led to nothing that must be stored with them.
   */
  readonly vitals: (
    bed: string,
    device: string,
    at: number,
    blocks: readonly Block<Reading>[],
    clockStepMs?: number,
  ) => Decision | undefined;
  readonly sources: Pick<Sources, 'choose' | 'part'>;
  /** Must be called for each vitals message that has a number, late or not. */
  readonly sequence: Devices['sequence'];
  readonly device: Devices['change'];
  /** These devices cannot be heard because their gateway is lost. */
  readonly gateway: LostGateways['lose'];
  /** The station's clock was put forward or back: the time between did not pass. */
  readonly clockStepped: (fromMs: number) => void;
  readonly station: (facts: StationFacts) => void;
};

export type AlarmsDependencies = {
  readonly journal: Journal;
  readonly append: Append<AlarmRecord>;
  /** Alarms are decided for the units that are ours. */
  readonly ownership: Ownership;
  /** False while the journal cannot flush. */
  readonly canStore: () => boolean;
  readonly clock: Clock;
  readonly announce: (bed: string | null, change: AlarmChange) => void;
  readonly metrics: MetricsRegistry;
  /** Bytes that nobody can read. A subject whose state they were begins anew. */
  readonly onUnreadable: OnUnreadable;
  /** The state of a subject has a vital or kind in it that this program does not know, and goes on without it. */
  readonly onUnknown: (subject: string, what: string) => void;
};

/** Wires the parts, leaf to root. */
const assemble = (deps: AlarmsDependencies) => {
  const { clock } = deps;
  const { now } = clock;
  const subjects = createSubjects();
  const stamps = createStamps({ ...deps, now });
  const announcing = createAnnouncing({
    ...deps,
    announce(subject, change) {
      stamps.published(change.events);
      deps.announce(subject.bed, change);
    },
  });
  const decisions = createDecisions({ announcing });
  const inbox = createInbox({ ...deps, decisions });
  const restoring = createRestoring({ ...deps, now, subjects, decisions, announcing, stamps, inbox });
  const moving = createMoving({ subjects, inbox, now });
  const bedOf = (device: string): string | null => occupancy.bedOf(device);
  const devices = createDevices({ subjects, inbox, now, bedOf });
  const occupancy: Occupancy = createOccupancy({ subjects, inbox, devices, restoring, moving, now });
  const gateways = createLostGateways({ subjects, inbox, devices, bedOf });
  const ticking = createTicking({ clock, subjects, inbox, onSecond: [devices.expire, stamps.keep] });
  const desk = createDesk({ subjects, inbox, announcing, stamps });
  const readings = createReadings({ subjects, decisions });
  const sources = createSources({ subjects });
  return { sources, subjects, stamps, inbox, restoring, occupancy, devices, gateways, ticking, desk, readings };
};

export const createAlarms = (deps: AlarmsDependencies): Alarms => {
  const { journal, ownership, onUnreadable } = deps;
  const { sources, subjects, stamps, inbox, restoring, occupancy, devices, gateways, ticking, desk, readings } =
    assemble(deps);
  let isStarted = false;
  let owned: OwnedUnits | undefined;

  const setRegistry = async (registry: Registry): Promise<void> => {
    const isOurs = (bed: { readonly unit: string }): boolean => owned?.has(bed.unit) ?? false;
    const hasNewBed = registry.data.beds.some((bed) => isOurs(bed) && !subjects.beds.has(bed.id));
    const tail = hasNewBed ? await readTail(journal, onUnreadable) : [];
    sources.setRoles((device) => registry.device(device)?.role);
    if (!owned) return;
    occupancy.use(registry, isOurs, tail);
    gateways.recount();
  };

  return {
    ...desk,
    async start(registry) {
      if (isStarted) return;
      isStarted = true;
      await restoring.read();
      owned = await ownership.acquire();
      restoring.station();
      await setRegistry(registry);
      ticking.start();
      inbox.open();
    },
    stop() {
      isStarted = false;
      owned = undefined;
      ticking.stop();
      inbox.close();
      stamps.keep();
      subjects.beds.clear();
      occupancy.forget();
      sources.forget();
    },
    setRegistry,
    sources,
    vitals: readings.take,
    sequence: devices.sequence,
    device: devices.change,
    gateway: gateways.lose,
    clockStepped(fromMs) {
      sources.forget();
      for (const subject of allOf(subjects)) inbox.resume(subject, fromMs);
    },
    station(facts) {
      const input = stationNews(subjects.station, facts);
      if (input) inbox.put(subjects.station, input);
    },
  };
};
