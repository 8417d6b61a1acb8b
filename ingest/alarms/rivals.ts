import { NEVER } from '#domain/alarms/device-state.ts';
import { intervalOf, type VitalState } from '#domain/alarms/state.ts';
import { IS_CONTINUOUS } from '#domain/alarms/validity.ts';
import { failedAfterMs, noteUsable, sourceOrder, takesOver, type Usable } from '#domain/sources/choice.ts';
import { DEFAULT_ROLE, type DeviceRole } from '#domain/sources/roles.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import type { Subject } from './subject.ts';

/** What is known of the devices at a bed that measure the same vital, and which of two is to be its source. */
export type Rivals = {
  /** A usable value of the device has arrived. Returns since when it has had such values. */
  readonly note: (subject: Subject, device: string, index: number, at: number) => Usable;
  /** Whether the device, which has just sent a usable value, takes the vital over from its source. */
  readonly isTaken: (
    subject: Subject,
    vital: VitalState,
    index: number,
    by: { readonly device: string; readonly since: number; readonly at: number },
  ) => boolean;
  readonly setRoles: (roleOf: (device: string) => DeviceRole | undefined) => void;
  /** Forgets what was heard: the station's clock was put forward or back, or it stops. */
  readonly forget: () => void;
};

/** When the newest usable value of the source arrived, as the engine knows it: to go by after a restart. */
const knownUsableAt = ({ isUsable: wasUsable, heardAt }: VitalState): number => (wasUsable ? heardAt : NEVER);

const keyOf = ({ key }: Subject, device: string | null, index: number): string => `${key} ${device} ${index}`;

export const createRivals = (): Rivals => {
  /** Since when each device has had usable values, by bed, device and vital. Only beds with several devices are in it. */
  const known = new Map<string, Usable>();
  let roleOf: (device: string) => DeviceRole | undefined = () => undefined;

  /** How much a device is preferred as the source of a vital, the lowest most; of one role, the one that came first. */
  const rankOf = ({ state: { devices }, config }: Subject, index: number, device: string | null): number => {
    const id = VITAL_IDS[index];
    const role = roleOf(device ?? '') ?? DEFAULT_ROLE;
    const place = devices.findIndex((one) => one.id === device);
    return (id ? sourceOrder(id, config).indexOf(role) : 0) * devices.length + place;
  };

  return {
    note(subject, device, index, at) {
      const { state, config } = subject;
      const intervalMs = state.devices.find(({ id }) => id === device)?.intervalMs ?? null;
      const key = keyOf(subject, device, index);
      const usable = noteUsable(known.get(key), at, failedAfterMs(index, config, intervalMs));
      known.set(key, usable);
      return usable;
    },
    isTaken(subject, vital, index, { device, since, at }) {
      const { state, config } = subject;
      const usableAt = known.get(keyOf(subject, vital.source, index))?.at ?? knownUsableAt(vital);
      return takesOver({
        at,
        isContinuous: IS_CONTINUOUS[index] ?? true,
        source: {
          rank: rankOf(subject, index, vital.source),
          // Silence before the station started does not count.
          usableAt: Math.max(usableAt, state.resumedAt),
          failedMs: failedAfterMs(index, config, intervalOf(state, vital)),
        },
        candidate: { rank: rankOf(subject, index, device), since },
      });
    },
    setRoles(next) {
      roleOf = next;
    },
    forget: () => known.clear(),
  };
};
