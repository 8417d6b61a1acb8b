import type { DeviceChange } from './live/changes.ts';

/**
 * The ways to each device: its own connections, and a gateway. A device is online while there is one of them. `Link` is
 * what follows for its messages: what comes first when a link is there again may have waited for it.
 */
export type DeviceLinks = {
  readonly connected: (device: string) => void;
  /** The last way to a device may end with its last connection, with or without a Will. */
  readonly disconnected: (device: string) => void;
  /** A message of the device came through a gateway: it is online, unless it said there that it is not. */
  readonly through: (device: string, gateway: string) => void;
  /** What a device said of itself, by itself or through a gateway. */
  readonly said: (device: string, isOnline: boolean, via: string | undefined) => void;
  /** Its gateway has connected: that it said through it before that it is offline counts no more. */
  readonly expect: (device: string) => void;
  /** The device does not come through this gateway any more: the gateway was lost, or the device left it. */
  readonly leave: (device: string, gateway: string, why: 'lost' | 'left') => void;
  /** Whether nothing but this gateway could bring its messages, as far as is known since the station started. */
  readonly isOnlyThrough: (device: string, gateway: string) => boolean;
  readonly linkOf: (device: string) => Link;
  /** Our own clock was put forward by so much, or back. */
  readonly shift: (byMs: number) => void;
};

/** `since`: when the link began, if there is one. `lostAt`: when the last link before it ended, if there was one. */
export type Link = { readonly since: number | undefined; readonly lostAt: number | undefined };

const NO_LINK: Link = { since: undefined, lostAt: undefined };

type Ways = {
  connections: number;
  /** The gateway through which it is online. */
  through: string | undefined;
  /** It said through a gateway that it is offline. That holds until it says otherwise, or the gateway connects anew. */
  isOut: boolean;
  /** How it last came: by itself (null) or through a gateway; undefined: it did not since the station started. */
  last: string | null | undefined;
  link: Link;
};

export type DeviceLinksDependencies = {
  readonly now: () => number;
  readonly onChange: (device: string, change: DeviceChange) => void;
  /** A way to the device begins: it may have been set up anew. */
  readonly onBegin: (device: string) => void;
};

const hasWay = ({ connections, through }: Ways): boolean => connections > 0 || through !== undefined;

const createWays = () => {
  const ways = new Map<string, Ways>();
  return {
    of(device: string): Ways {
      const known = ways.get(device);
      if (known) return known;
      const made: Ways = { connections: 0, through: undefined, isOut: false, last: undefined, link: NO_LINK };
      ways.set(device, made);
      return made;
    },
    find: (device: string): Ways | undefined => ways.get(device),
    shift(byMs: number): void {
      for (const way of ways.values()) {
        const { since, lostAt } = way.link;
        way.link = { since: since && since + byMs, lostAt: lostAt && lostAt + byMs };
      }
    },
  };
};

/** What a device says of itself on its own connection. */
const createSaidByItself =
  ({ onChange }: DeviceLinksDependencies) =>
  (device: string, { connections, through }: Ways, isOnline: boolean): void => {
    // The Will of a connection that was replaced must not put out the one that replaced it.
    const state = isOnline || connections > 1 || through !== undefined ? 'online' : 'offline';
    onChange(device, { state });
  };

/** How a way to a device begins and ends. */
const createBeginnings = ({ now, onChange, onBegin }: DeviceLinksDependencies) => {
  const begin = (device: string, way: Ways, last: string | null): void => {
    if (!hasWay(way)) way.link = { ...way.link, since: now() };
    way.last = last;
    onBegin(device);
    onChange(device, { state: 'online', lostWith: undefined });
  };

  /** A way has ended, perhaps the last one. */
  const end = (device: string, way: Ways, lostWith?: string): void => {
    if (hasWay(way)) return;
    way.link = { since: undefined, lostAt: now() };
    onChange(device, { state: 'offline', lostWith });
  };

  const comeThrough = (device: string, way: Ways, gateway: string): void => {
    begin(device, way, gateway);
    way.through = gateway;
  };

  return { begin, end, comeThrough };
};

export const createDeviceLinks = (deps: DeviceLinksDependencies): DeviceLinks => {
  const ways = createWays();
  const saidByItself = createSaidByItself(deps);
  const { begin, end, comeThrough } = createBeginnings(deps);

  return {
    connected(device) {
      const way = ways.of(device);
      begin(device, way, null);
      way.connections++;
    },
    disconnected(device) {
      const way = ways.of(device);
      way.connections = Math.max(0, way.connections - 1);
      if (way.connections === 0 && way.through !== undefined) way.last = way.through;
      end(device, way);
    },
    through(device, gateway) {
      const way = ways.of(device);
      if (way.through !== gateway && !way.isOut) comeThrough(device, way, gateway);
    },
    said(device, isOnline, via) {
      const way = ways.of(device);
      if (via === undefined) return saidByItself(device, way, isOnline);
      way.isOut = !isOnline;
      if (isOnline && way.through !== via) comeThrough(device, way, via);
      if (isOnline) return;
      way.through = undefined;
      end(device, way);
    },
    expect(device) {
      ways.of(device).isOut = false;
    },
    leave(device, gateway, why) {
      const way = ways.of(device);
      if (way.through !== gateway) return;
      way.through = undefined;
      end(device, way, why === 'lost' ? gateway : undefined);
    },
    isOnlyThrough(device, gateway) {
      const { connections, last, isOut } = ways.of(device);
      return connections === 0 && !isOut && (last === undefined || last === gateway);
    },
    linkOf: (device) => ways.find(device)?.link ?? NO_LINK,
    shift: ways.shift,
  };
};
