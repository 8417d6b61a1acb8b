/** What limited a measurement, and whether the machine was quiet: read from what each part used meanwhile. */

/** In per cent of one core, over the time of the measurement. */
export type Usage = {
  readonly seconds: number;
  readonly cores: number;
  /** The station's threads: `main`, and the others by the name that they gave themselves. */
  readonly stationThreads: Readonly<Record<string, number>>;
  /** Of each kind of process all together, and the busiest. */
  readonly processes: Readonly<Record<string, Share>>;
  /** How long the station's main thread was ready to run and had no core. */
  readonly stationWaitedForCore: number;
  readonly idle: number;
  readonly diskWait: number;
  readonly stolen: number;
  /** What is none of ours. A database that runs in a container or elsewhere on the machine counts here. */
  readonly others: number;
  /** What the database's writing connection waited for, in per cent of the looks at it; `nothing`: it worked. */
  readonly databaseWaits: Readonly<Record<string, number>>;
};

export type Share = { readonly all: number; readonly busiest: number };

/** A thread that is nearly always busy is what all else waits for. */
const FULL = 85;
/** Less than so much of all cores is left for a moment of need. */
const LITTLE_IDLE = 0.1;
const MUCH_DISK = 25;
const OFTEN = 40;

/** Waits in which a backend waits for us and not for anything of its own. */
const IS_IDLE = /^(nothing|ClientRead|ClientWrite)$/;

const largest = (shares: Readonly<Record<string, number>>): readonly [string, number] =>
  Object.entries(shares).reduce<readonly [string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0]);

/** The busiest thread of each part; of what has one thread that is the process. */
const busiestThreads = ({ stationThreads, processes }: Usage): Record<string, number> => ({
  ...Object.fromEntries(
    Object.entries(stationThreads).map(([name, share]) => [`station ${name === 'main' ? 'main thread' : name}`, share]),
  ),
  ...Object.fromEntries(
    Object.entries(processes).flatMap(([name, { busiest }]) => (name === 'station' ? [] : [[name, busiest]])),
  ),
});

const percent = (share: number): string => `${Math.round(share)} %`;

/** A few words: which thread had no time left, or which wait stood in the way, or that nothing did. */
export const limitOf = (usage: Usage): string => {
  const { cores, idle, others, stolen, diskWait, stationWaitedForCore: waited } = usage;
  const threads = busiestThreads(usage);
  const [name, share] = largest(threads);
  if (share >= FULL) return `${name} ${percent(share)} of a core`;
  const main = threads['station main thread'];
  if ((main ?? 0) + waited >= FULL || idle < LITTLE_IDLE * 100 * cores) {
    const who = main === undefined ? `${name} ${percent(share)}` : `station main thread ${percent(main)}`;
    return `the machine's ${cores} cores: ${who} of one and ${percent(waited)} without one, other programs ${percent(others + stolen)}`;
  }
  const waits = Object.entries(usage.databaseWaits).filter(([wait]) => !IS_IDLE.test(wait));
  const [wait, looks] = largest(Object.fromEntries(waits));
  if (looks >= OFTEN) return `the database, which waits for ${wait} ${percent(looks)} of the time`;
  if (diskWait >= MUCH_DISK) return `the disk: a core waits for it ${percent(diskWait)} of the time`;
  return `nothing, the load was the limit (busiest: ${name} ${percent(share)} of a core)`;
};

const OTHERS_ALLOWED = 10;
const STOLEN_ALLOWED = 3;

/** Why a row that needs a quiet machine did not have one; undefined when it had. `loadBefore`: of the minute before it. */
export const unquietOf = (
  { cores, others, stolen }: Pick<Usage, 'cores' | 'others' | 'stolen'>,
  loadBefore: number,
): string | undefined => {
  const told = [
    ...(others >= OTHERS_ALLOWED ? [`other programs used ${percent(others)} of a core`] : []),
    ...(stolen >= STOLEN_ALLOWED ? [`${percent(stolen)} of a core was stolen by the host`] : []),
    ...(loadBefore > cores / 2 ? [`the load before was ${loadBefore.toFixed(1)}`] : []),
  ];
  return told.length > 0 ? told.join(', ') : undefined;
};
