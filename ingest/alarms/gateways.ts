import { isOnStandby } from '#domain/alarms/standby.ts';
import type { Devices } from './devices.ts';
import type { Inbox } from './inbox.ts';
import type { Subjects } from './subjects.ts';

/** Which gateways are lost, and for which beds, on its way to the engine of the station and of those beds. */
export type LostGateways = {
  /** These devices, and no others, cannot be heard because the gateway is lost; none: it is there. */
  readonly lose: (gateway: string, devices: readonly string[]) => void;
  /** Devices stand at other beds, or gateways are gone: the beds are counted again. */
  readonly recount: () => void;
};

export const createLostGateways = ({
  subjects: { station, beds },
  inbox,
  devices,
  bedOf,
}: {
  subjects: Subjects;
  inbox: Pick<Inbox, 'put'>;
  devices: Pick<Devices, 'change'>;
  /** Where a device is now. */
  bedOf: (device: string) => string | null;
}): LostGateways => {
  const lost = new Map<string, readonly string[]>();

  /** A device of which nothing was ever heard is not lost: it does not monitor. On standby nobody expects data. */
  const isMissed = (device: string): boolean => {
    const state = beds.get(bedOf(device) ?? '')?.state;
    if (!state || isOnStandby(state)) return false;
    return state.devices.some(({ id, heardAt }) => id === device && heardAt !== null);
  };

  const countBeds = (gateway: string): number => new Set((lost.get(gateway) ?? []).filter(isMissed).map(bedOf)).size;

  const tell = (gateway: string): void => {
    const count = countBeds(gateway);
    const known = station.state.gateways.find((track) => track.gateway === gateway)?.beds ?? 0;
    // While something waits to be taken, the state does not yet show what will be news.
    const isCertain = station.waiting.length === 0;
    if (!isCertain || count !== known) inbox.put(station, { type: 'gateway', gateway, beds: count });
  };

  return {
    lose(gateway, devicesLost) {
      const before = lost.get(gateway) ?? [];
      lost.set(gateway, devicesLost);
      for (const device of before) if (!devicesLost.includes(device)) devices.change(device, { gatewayLost: false });
      for (const device of devicesLost) devices.change(device, { gatewayLost: true });
      tell(gateway);
    },
    recount() {
      // After a restart the state may know of a gateway that is not registered any more.
      const known = station.state.gateways.map(({ gateway }) => gateway);
      for (const gateway of new Set([...lost.keys(), ...known])) tell(gateway);
    },
  };
};
