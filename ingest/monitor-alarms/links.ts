import type { DeviceChange } from '../live/changes.ts';

/**
 * Whether each device is there: it is linked, and its readings, if it ever sent any, go on. What is told of a device
 * comes in parts.
 */
export type Links = {
  /** True or false when it is there now and was not, or the other way round; undefined: that did not change. */
  readonly change: (device: string, change: DeviceChange) => boolean | undefined;
};

type Link = { readonly isOnline: boolean; readonly hasMeasured: boolean; readonly isSilent: boolean };

const UNKNOWN: Link = { isOnline: true, hasMeasured: false, isSilent: false };

const isLinked = ({ isOnline, isSilent }: Link): boolean => isOnline && !isSilent;

export const createLinks = (): Links => {
  const links = new Map<string, Link>();
  return {
    change(device, { state, data }) {
      const before = links.get(device) ?? UNKNOWN;
      const isOnline = state === undefined ? before.isOnline : state === 'online';
      const hasMeasured = before.hasMeasured || data === 'live';
      // A device that sends no readings at all is not silent: what it never sent cannot stop.
      const isSilent = data === undefined ? before.isSilent : hasMeasured && data !== 'live';
      const after = { isOnline, hasMeasured, isSilent };
      links.set(device, after);
      return isLinked(before) === isLinked(after) ? undefined : isLinked(after);
    },
  };
};
