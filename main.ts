import { createStation, type Station, type StationOptions } from './nodes/station.ts';

/** Picks what this process is. Today every process is a station; a cluster has other nodes, of the same parts (decision 0001). */

export type { StationAddresses } from './nodes/station/addresses.ts';
export type { Station, StationOptions } from './nodes/station.ts';

const NODES = { station: createStation } as const;

export const createNode = (name: keyof typeof NODES, options: StationOptions): Station => NODES[name](options);
