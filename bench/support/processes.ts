import { readdir, readFile } from 'node:fs/promises';

/** What Linux says of processes, threads and the machine (proc(5)); on other systems there is nothing to read. */

// USER_HZ is 100 on every Linux that Node runs on, so ticks a second are per cent of a core.
export type Stat = {
  readonly name: string;
  /** `R` runs or could, `S` waits, `D` waits for a disk. */
  readonly state: string;
  readonly parent: number;
  readonly ticks: number;
  /** Of its children that have ended. */
  readonly endedTicks: number;
};

/** The name stands in brackets and may hold anything: state is field 3, utime 14, cstime 17. */
export const parseStat = (text: string): Stat => {
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const at = (index: number): number => Number(fields[index] ?? 0);
  return {
    name: text.slice(text.indexOf('(') + 1, nameEnd),
    state: fields[0] ?? '',
    parent: at(1),
    ticks: at(11) + at(12),
    endedTicks: at(13) + at(14),
  };
};

export const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const readNumbers = async (folder: string): Promise<number[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);

export type Process = Stat & { readonly pid: number; readonly command: string };

/** The process and all that descend from it. */
export const readTree = async (root: number): Promise<Process[]> => {
  const stats = new Map<number, Stat>();
  for (const pid of await readNumbers('/proc')) {
    const text = await readText(`/proc/${pid}/stat`);
    if (text !== undefined) stats.set(pid, parseStat(text));
  }
  const isOurs = (pid: number): boolean => pid === root || (pid > 1 && isOurs(stats.get(pid)?.parent ?? 0));
  const ours = [...stats].filter(([pid]) => isOurs(pid));
  return Promise.all(
    ours.map(async ([pid, stat]) => ({
      ...stat,
      pid,
      command: ((await readText(`/proc/${pid}/cmdline`)) ?? '').replaceAll('\0', ' ').trim(),
    })),
  );
};

export type Thread = { readonly stat: Stat; readonly isMain: boolean };

/** The threads of a process by their ids. */
export const readThreads = async (pid: number): Promise<Map<number, Thread>> => {
  const threads = new Map<number, Thread>();
  for (const thread of await readNumbers(`/proc/${pid}/task`)) {
    const text = await readText(`/proc/${pid}/task/${thread}/stat`);
    if (text !== undefined) threads.set(thread, { stat: parseStat(text), isMain: thread === pid });
  }
  return threads;
};

/** How long the main thread of a process could have run and had no core, in milliseconds. */
export const readWaitedForCoreMs = async (pid: number): Promise<number> => {
  const text = await readText(`/proc/${pid}/task/${pid}/schedstat`);
  return Number(text?.split(' ')[1] ?? 0) / 1e6;
};

/** What a process has of the machine's memory. */
export const readMemoryMiB = async (pid: number): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec((await readText(`/proc/${pid}/status`)) ?? '')?.[1] ?? Number.NaN) / 1_024;

export type MachineTicks = {
  readonly busy: number;
  readonly idle: number;
  /** Idle while a disk was waited for. */
  readonly disk: number;
  /** What another guest of the same host had. */
  readonly stolen: number;
};

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal, and guests, who are in user. */
export const parseMachine = (text: string): MachineTicks => {
  const [user = 0, nice = 0, system = 0, idle = 0, disk = 0, irq = 0, softirq = 0, stolen = 0] = text
    .slice(0, text.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { busy: user + nice + system + irq + softirq, idle, disk, stolen };
};
