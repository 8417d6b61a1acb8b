import type { GatewayPresence } from '#contracts/ports/gateway-presence.ts';
import type { Devices } from './devices.ts';
import type { Registry } from './registry.ts';

/**
 * Which gateways are connected, and which devices cannot be heard because theirs is not: those that come only through it.
 * A device that is connected by itself, or that last came by itself, is not lost with its gateway.
 */
export type Gateways = {
  readonly connected: (gateway: string) => void;
  readonly disconnected: (gateway: string) => void;
  /** Called for each message that came through a gateway; `isData`: it is no status. */
  readonly heard: (gateway: string, device: string, isData: boolean) => void;
  /** A device has connected by itself, or ended its own connection. */
  readonly deviceChanged: (device: string) => void;
  readonly setRegistry: (registry: Pick<Registry, 'data' | 'gatewayOf'>) => void;
  /** Tells `onLost` of every gateway again: whoever listens has begun anew. */
  readonly tellAgain: () => void;
  readonly presenceOf: (gateway: string) => GatewayPresence;
};

export type GatewaysDependencies = {
  readonly now: () => number;
  readonly devices: Pick<Devices, 'expect' | 'through' | 'leave' | 'isOnlyThrough'>;
  /** These devices are lost with their gateway now, and no others that are listed under it. */
  readonly onLost: (gateway: string, lost: readonly string[]) => void;
};

type State = { connections: number; since: number | null; heardAt: number | null; lost: readonly string[] };

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((device, place) => device === other[place]);

const createStates = () => {
  const states = new Map<string, State>();
  return (gateway: string): State => {
    const known = states.get(gateway);
    if (known) return known;
    const state: State = { connections: 0, since: null, heardAt: null, lost: [] };
    states.set(gateway, state);
    return state;
  };
};

export const createGateways = ({ now, devices, onLost }: GatewaysDependencies): Gateways => {
  const stateOf = createStates();
  let listed: ReadonlyMap<string, readonly string[]> = new Map();
  let gatewayOf: Registry['gatewayOf'] = () => undefined;

  const devicesOf = (gateway: string): readonly string[] => listed.get(gateway) ?? [];

  const tell = (gateway: string, isAgain = false): void => {
    const state = stateOf(gateway);
    const isHere = state.connections > 0;
    const lost = isHere ? [] : devicesOf(gateway).filter((device) => devices.isOnlyThrough(device, gateway));
    if (!isAgain && isSame(lost, state.lost)) return;
    state.lost = lost;
    onLost(gateway, lost);
  };

  return {
    connected(gateway) {
      const state = stateOf(gateway);
      state.connections++;
      if (state.connections > 1) return;
      state.since = now();
      for (const device of devicesOf(gateway)) devices.expect(device);
      tell(gateway);
    },
    disconnected(gateway) {
      const state = stateOf(gateway);
      state.connections = Math.max(0, state.connections - 1);
      if (state.connections > 0) return;
      state.since = now();
      for (const device of devicesOf(gateway)) devices.leave(device, gateway, 'lost');
      tell(gateway);
    },
    heard(gateway, device, isData) {
      stateOf(gateway).heardAt = now();
      if (isData) devices.through(device, gateway);
    },
    deviceChanged(device) {
      const gateway = gatewayOf(device);
      if (gateway !== undefined) tell(gateway);
    },
    setRegistry(registry) {
      const before = listed;
      listed = new Map(registry.data.gateways.map((gateway) => [gateway.id, gateway.devices]));
      gatewayOf = registry.gatewayOf;
      for (const [gateway, formerly] of before) {
        for (const device of formerly) if (gatewayOf(device) !== gateway) devices.leave(device, gateway, 'left');
      }
      for (const gateway of new Set([...before.keys(), ...listed.keys()])) tell(gateway);
    },
    tellAgain() {
      for (const gateway of listed.keys()) tell(gateway, true);
    },
    presenceOf(gateway) {
      const { connections, since, heardAt } = stateOf(gateway);
      return { isConnected: connections > 0, since, heardAt };
    },
  };
};
