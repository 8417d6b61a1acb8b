import { cpus } from 'node:os';
import { limitOf, type Share, type Usage } from './limit.ts';
import {
  type Process,
  parseMachine,
  readText,
  readThreads,
  readTree,
  readWaitedForCoreMs,
  type Thread,
} from './processes.ts';
import type { Line } from './row.ts';
import type { BenchDatabase } from './server.ts';

/** Which part of the bench a process is, by its command line. The first that fits. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/wardwatch\.js start/, 'station'],
  [/\/load\/(publish|storm)\.ts/, 'load'],
  [/\/load\/watch(-alarms)?\.ts/, 'screens'],
  [/\/load\/hear-alarms\.ts/, 'integration'],
  [/^postgres: checkpointer/, 'database checkpointer'],
  [/^postgres: walwriter/, 'database walwriter'],
  [/^postgres: autovacuum/, 'database autovacuum'],
  [/^postgres: \S+ \S+ \S+/, 'database backend'],
];

export const partOf = (command: string): string => PARTS.find(([pattern]) => pattern.test(command))?.[1] ?? 'bench';

const LOOK_EVERY_MS = 250;

/** The connection that writes is the one of ingest; idle ones are not in anybody's way. */
const WAITS = `
select coalesce(wait_event, 'nothing') as wait from pg_stat_activity
where application_name = 'wardwatch ingest' and datname = current_database() and state <> 'idle'`;

/** Looks now and then at what the database waits for. A look that hangs, as in one that is frozen, is not waited for. */
const countWaits = (database: Pick<BenchDatabase, 'query'> | undefined) => {
  const counts = new Map<string, number>();
  let looks = 0;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (!database || isLooking) return;
    isLooking = true;
    const rows = await database.query<{ wait: string }>(WAITS).catch(() => []);
    isLooking = false;
    looks++;
    for (const { wait } of rows) counts.set(wait, (counts.get(wait) ?? 0) + 1);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return (): Record<string, number> => {
    clearInterval(timer);
    return Object.fromEntries([...counts].map(([wait, count]) => [wait, Math.round((100 * count) / looks)]));
  };
};

type Snapshot = {
  readonly atMs: number;
  readonly tree: readonly Process[];
  readonly threads: ReadonlyMap<number, Thread>;
  readonly waitedForCoreMs: number;
  readonly machine: ReturnType<typeof parseMachine>;
};

const takeSnapshot = async (): Promise<Snapshot> => {
  const machine = parseMachine((await readText('/proc/stat')) ?? '');
  const tree = await readTree(process.pid);
  const station = tree.find(({ command }) => partOf(command) === 'station')?.pid;
  return {
    atMs: performance.now(),
    tree,
    threads: station === undefined ? new Map() : await readThreads(station),
    waitedForCoreMs: station === undefined ? 0 : await readWaitedForCoreMs(station),
    machine,
  };
};

const sharesByPart = (before: Snapshot, after: Snapshot, seconds: number): Record<string, Share> => {
  const earlier = new Map(before.tree.map(({ pid, ticks }) => [pid, ticks]));
  const shares: Record<string, Share> = {};
  for (const { pid, ticks, command } of after.tree) {
    const part = partOf(command);
    const share = Math.round((ticks - (earlier.get(pid) ?? 0)) / seconds);
    const known = shares[part] ?? { all: 0, busiest: 0 };
    shares[part] = { all: known.all + share, busiest: Math.max(known.busiest, share) };
  }
  return shares;
};

const sharesByThread = (before: Snapshot, after: Snapshot, seconds: number): Record<string, number> => {
  const shares: Record<string, number> = {};
  for (const [thread, { stat, isMain }] of after.threads) {
    const share = Math.round((stat.ticks - (before.threads.get(thread)?.stat.ticks ?? 0)) / seconds);
    const name = isMain ? 'main' : `thread ${stat.name}`;
    if (share > 0) shares[name] = Math.max(shares[name] ?? 0, share);
  }
  return shares;
};

const ticksOf = ({ tree }: Snapshot): number =>
  tree.reduce((sum, { ticks, endedTicks }) => sum + ticks + endedTicks, 0);

const usageBetween = (before: Snapshot, after: Snapshot): Omit<Usage, 'databaseWaits'> => {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const aSecond = (ticks: number): number => Math.max(0, Math.round(ticks / seconds));
  return {
    seconds: Math.round(seconds),
    cores: cpus().length,
    stationThreads: sharesByThread(before, after, seconds),
    processes: sharesByPart(before, after, seconds),
    stationWaitedForCore: aSecond((after.waitedForCoreMs - before.waitedForCoreMs) / 10),
    idle: aSecond(after.machine.idle - before.machine.idle),
    diskWait: aSecond(after.machine.disk - before.machine.disk),
    stolen: aSecond(after.machine.stolen - before.machine.stolen),
    others: aSecond(after.machine.busy - before.machine.busy - (ticksOf(after) - ticksOf(before))),
  };
};

/** Watches every process of the bench until the returned function is called. `database`: what it waits for is told too. */
export const observe = async (database?: Pick<BenchDatabase, 'query'>): Promise<() => Promise<Usage>> => {
  const before = await takeSnapshot();
  const waits = countWaits(database);
  return async () => ({ ...usageBetween(before, await takeSnapshot()), databaseWaits: waits() });
};

/** What a line tells of it. */
export const limitedBy = (usage: Usage): Pick<Line, 'limit' | 'usage'> => ({ limit: limitOf(usage), usage });
