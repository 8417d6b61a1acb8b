import type { Channel } from '#contracts/mqtt/topics.ts';
import type { DeviceMessage, Settle } from '#contracts/ports/intake.ts';
import type { Append } from './append.ts';
import { createArrivals } from './arrivals.ts';
import type { Fault } from './fault.ts';
import type { InHand } from './in-hand.ts';
import type { Live } from './live/live.ts';
import { type MeasuringDependencies, measureVitals, measureWaves } from './measuring.ts';
import type { Onlookers } from './onlookers.ts';
import { createRefuse } from './refusing.ts';
import type { Rejects } from './rejects.ts';
import type { IngestStats } from './stats.ts';
import { type Taken, takeMeasurements } from './take-measurements.ts';
import { type TakeMonitorAlarmsDependencies, takeMonitorAlarms } from './take-monitor-alarms.ts';
import { type TakeStatusDependencies, takeStatus } from './take-status.ts';
import type { Timing } from './timing.ts';

/**
 * The path of a heartbeat through ingest:
 *
 *   payload ─▶ decode ─▶ time (when was it measured, who was there, is it live?) ───┬─▶ live ─▶ screens
 *                 └─▶ rejects ───────────────────────────────────────────────────┐  ├─▶ alarms ─▶ decision
 *                                                                                │  └─▶ records      │
 *                                                                                ▼         ▼         ▼
 *                                                                               journal, in one piece ─▶ announced, PUBACK
 */

export type AdmitDependencies = MeasuringDependencies &
  Omit<TakeStatusDependencies & TakeMonitorAlarmsDependencies, 'refuse'> & {
    readonly timing: Timing;
    readonly live: Live;
    readonly rejects: Rejects;
    readonly inHand: Pick<InHand, 'take' | 'putDown'>;
    readonly stats: IngestStats;
    readonly append: Append;
    readonly onlookers: Pick<Onlookers, 'took'>;
    readonly maxPayloadBytes: number;
  };

export type Admit = {
  /** Shows a message, stores it, and calls back once it is safe. */
  readonly admit: (message: DeviceMessage, settle: Settle) => void;
  /** Only shows a message: there is no room to store it, and it will come again. */
  readonly show: (message: DeviceMessage) => void;
};

/** Takes a message in: what is to be stored of it, and what was decided. Whatever is in it, it answers. */
const createTakeIn = (deps: AdmitDependencies): ((message: DeviceMessage) => Taken) => {
  const { inHand, stats, maxPayloadBytes } = deps;
  const refuse = createRefuse(deps);
  const taking = { ...deps, arrivals: createArrivals(), refuse };
  const vitals = measureVitals(deps);
  const waves = measureWaves(deps);

  const byChannel: Readonly<Record<Channel, (message: DeviceMessage) => Taken>> = {
    vitals: (message) => takeMeasurements(taking, vitals, message),
    waves: (message) => takeMeasurements(taking, waves, message),
    status: (message) => takeStatus(taking, message),
    alarms: (message) => takeMonitorAlarms(taking, message),
  };

  const refuseWhole = (message: DeviceMessage, fault: Fault): Taken => {
    const faults = [fault];
    return { records: refuse(message, faults), faults };
  };

  return (message) => {
    const { channel, payload } = message;
    stats.publications[channel]++;
    if (payload.length > maxPayloadBytes) {
      const detail = `${payload.length} bytes, at most ${maxPayloadBytes}`;
      return refuseWhole(message, { reason: 'payload-too-large', detail });
    }
    const fault = inHand.take(message);
    if (fault) return refuseWhole(message, fault);
    try {
      return byChannel[channel](message);
    } finally {
      inHand.putDown();
    }
  };
};

export const createAdmit = (deps: AdmitDependencies): Admit => {
  const { append, onlookers } = deps;
  const takeIn = createTakeIn(deps);

  return {
    admit(message, settle) {
      const taken = takeIn(message);
      onlookers.took(message, taken, true);
      const { records, decision } = taken;
      if (!decision) return append(records, settle);
      append(
        [...records, ...decision.records],
        () => {
          decision.announce();
          settle();
        },
        decision.checkpoint,
      );
    },
    show(message) {
      const taken = takeIn(message);
      onlookers.took(message, taken, false);
      const { decision } = taken;
      if (!decision) return;
      decision.announce();
      // The device sends the readings again, but not the alarm: it waits here for room.
      append(decision.records, ignore, decision.checkpoint);
    },
  };
};

const ignore = (): void => {};
