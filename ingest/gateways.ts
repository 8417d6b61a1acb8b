import type { GatewayPresence } from '#contracts/ports/gateway-presence.ts';
import type { Devices } from './devices.ts';
import type { Registry } from './registry.ts';

/**
 * Which gateways are there, and which devices cannot be heard because theirs is not: those that come only through it. A
 * device that is connected by itself, or that last came by itself, is not lost with its gateway.
 *
 * A gateway whose network was cut without a word seems to be connected until its keepalive is over, and all its devices
 * would be silent before that. So one from whose continuous devices nothing comes, though something always came before,
 * is not there either, until something comes again.
 */
export type Gateways = {
  readonly connected: (gateway: string) => void;
  readonly disconnected: (gateway: string) => void;
  /** Called for each message that came through a gateway; `isData`: it is no status. */
  readonly heard: (gateway: string, device: string, isData: boolean) => void;
  /** A device has connected by itself, or ended its own connection. */
  readonly deviceChanged: (device: string) => void;
  /** What time alone changes. To be called about every second. */
  readonly check: () => void;
  readonly setRegistry: (registry: Pick<Registry, 'data' | 'gatewayOf'>) => void;
  /** Tells `onLost` of every gateway again: whoever listens has begun anew. */
  readonly tellAgain: () => void;
  readonly presenceOf: (gateway: string) => GatewayPresence;
};

export type GatewaysDependencies = {
  readonly now: () => number;
  readonly devices: Pick<Devices, 'expect' | 'through' | 'leave' | 'isOnlyThrough'>;
  /** Whether the device is expected to send all the time. */
  readonly isContinuous: (device: string) => boolean;
  /** These devices are lost with their gateway now, and no others that are listed under it. */
  readonly onLost: (gateway: string, lost: readonly string[]) => void;
};

/** Sooner than a device counts as silent, and later than one that sends all the time is heard again. */
const QUIET_AFTER_MS = 7_000;

/** So long something must have come all the time before, for want of it to mean anything. */
const BUSY_FOR_MS = 30_000;

type State = {
  connections: number;
  since: number | null;
  heardAt: number | null;
  /** When a continuous device was last heard through it, and since when that was so all the time. */
  busyAt: number;
  busySince: number;
  isQuiet: boolean;
  lost: readonly string[];
};

const isHere = ({ connections, isQuiet }: State): boolean => connections > 0 && !isQuiet;

const noteBusy = (state: State, at: number): void => {
  // A time ahead of the present came before our clock was set back.
  if (at - state.busyAt >= QUIET_AFTER_MS || at < state.busyAt) state.busySince = at;
  state.busyAt = at;
};

const hasGoneQuiet = ({ busyAt, busySince }: State, at: number): boolean =>
  busyAt - busySince >= BUSY_FOR_MS && at - busyAt >= QUIET_AFTER_MS;

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((device, place) => device === other[place]);

const NEVER_SEEN: State = {
  connections: 0,
  since: null,
  heardAt: null,
  busyAt: Number.NEGATIVE_INFINITY,
  busySince: Number.NEGATIVE_INFINITY,
  isQuiet: false,
  lost: [],
};

const createStates = () => {
  const states = new Map<string, State>();
  const of = (gateway: string): State => {
    const known = states.get(gateway);
    if (known) return known;
    const state: State = { ...NEVER_SEEN };
    states.set(gateway, state);
    return state;
  };
  return { of, all: () => states.entries() };
};

/** Which devices are listed under each gateway. */
const createLists = () => {
  let listed: ReadonlyMap<string, readonly string[]> = new Map();
  let gatewayOf: Registry['gatewayOf'] = () => undefined;
  return {
    devicesOf: (gateway: string): readonly string[] => listed.get(gateway) ?? [],
    gatewayOf: (device: string): string | undefined => gatewayOf(device),
    gateways: (): Iterable<string> => listed.keys(),
    /** Calls `onLeft` for each device that is no longer on a list. Returns the gateways there are and those there were. */
    use(
      registry: Pick<Registry, 'data' | 'gatewayOf'>,
      onLeft: (device: string, gateway: string) => void,
    ): Set<string> {
      const before = listed;
      listed = new Map(registry.data.gateways.map((gateway) => [gateway.id, gateway.devices]));
      gatewayOf = registry.gatewayOf;
      for (const [gateway, formerly] of before) {
        for (const device of formerly) if (gatewayOf(device) !== gateway) onLeft(device, gateway);
      }
      return new Set([...before.keys(), ...listed.keys()]);
    },
  };
};

/** What becomes of its devices when a gateway is lost, and when it is back. */
const createChanges = (
  { now, devices, onLost }: GatewaysDependencies,
  stateOf: (gateway: string) => State,
  devicesOf: (gateway: string) => readonly string[],
) => {
  const onlyThrough = (gateway: string): string[] =>
    devicesOf(gateway).filter((device) => devices.isOnlyThrough(device, gateway));

  const tell = (gateway: string, isAgain = false): void => {
    const state = stateOf(gateway);
    const lost = isHere(state) ? [] : onlyThrough(gateway);
    if (!isAgain && isSame(lost, state.lost)) return;
    state.lost = lost;
    onLost(gateway, lost);
  };

  return {
    onlyThrough,
    tell,
    lose(gateway: string, state: State): void {
      state.since = now();
      for (const device of devicesOf(gateway)) devices.leave(device, gateway, 'lost');
      tell(gateway);
    },
    comeBack(gateway: string, state: State): void {
      state.since = now();
      state.isQuiet = false;
      state.busySince = state.busyAt;
      for (const device of devicesOf(gateway)) devices.expect(device);
      tell(gateway);
    },
  };
};

export const createGateways = (deps: GatewaysDependencies): Gateways => {
  const { now, devices, isContinuous } = deps;
  const { of: stateOf, all } = createStates();
  const lists = createLists();
  const { onlyThrough, tell, lose, comeBack } = createChanges(deps, stateOf, lists.devicesOf);

  return {
    connected(gateway) {
      const state = stateOf(gateway);
      state.connections++;
      // A second connection may be what a quiet one is replaced by.
      if (state.connections === 1 || state.isQuiet) comeBack(gateway, state);
    },
    disconnected(gateway) {
      const state = stateOf(gateway);
      state.connections = Math.max(0, state.connections - 1);
      if (state.connections === 0 && !state.isQuiet) lose(gateway, state);
      if (state.connections === 0) state.isQuiet = false;
    },
    heard(gateway, device, isData) {
      const state = stateOf(gateway);
      state.heardAt = now();
      if (state.isQuiet) comeBack(gateway, state);
      if (!isData) return;
      devices.through(device, gateway);
      if (isContinuous(device)) noteBusy(state, state.heardAt);
    },
    check() {
      for (const [gateway, state] of all()) {
        // With one device there is nothing to tell apart: its own silence says as much.
        if (!isHere(state) || !hasGoneQuiet(state, now()) || onlyThrough(gateway).length < 2) continue;
        state.isQuiet = true;
        lose(gateway, state);
      }
    },
    deviceChanged(device) {
      const gateway = lists.gatewayOf(device);
      if (gateway !== undefined) tell(gateway);
    },
    setRegistry(registry) {
      const concerned = lists.use(registry, (device, gateway) => devices.leave(device, gateway, 'left'));
      for (const gateway of concerned) tell(gateway);
    },
    tellAgain() {
      for (const gateway of lists.gateways()) tell(gateway, true);
    },
    presenceOf(gateway) {
      const state = stateOf(gateway);
      return { isConnected: isHere(state), since: state.since, heardAt: state.heardAt };
    },
  };
};
