import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** The load of the last minute: a result must not hide what was running before it. */
  readonly loadBefore: number;
};

export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: `${type()} ${release()}`,
  node: process.version,
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(1)),
});

/** The processes by their number; a thread of one as `4711/task/4712`, of which the first has the number of its process. */
type Watched = Readonly<Record<string, number | string>>;

/** What each process and the whole machine used of a core since the last look; empty elsewhere than on Linux. */
export const watchCpu = (pids: Watched) => {
  let before = readAll(pids);
  let since = performance.now();
  return async (): Promise<Record<string, number>> => {
    const now = await readAll(pids);
    const then = await before;
    const seconds = (performance.now() - since) / 1_000;
    before = Promise.resolve(now);
    since = performance.now();
    return Object.fromEntries(
      Object.entries(now).flatMap(([name, used]) => {
        const earlier = then[name];
        return earlier === undefined ? [] : [[name, Math.round((used - earlier) / seconds)]];
      }),
    );
  };
};

// USER_HZ is 100 on every Linux that Node runs on, so ticks a second are per cent of a core.
const readAll = async (pids: Watched): Promise<Record<string, number>> => {
  const used: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // After the name in brackets, which may hold anything: state is field 3, utime 14, stime 15 (proc(5)).
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields) used[name] = Number(fields[11]) + Number(fields[12]);
  }
  const whole = await readFile('/proc/stat', 'utf8').catch(() => undefined);
  const ticks = whole?.split('\n')[0]?.split(/\s+/).slice(1).map(Number);
  // user nice system idle iowait irq softirq steal
  if (ticks)
    used.machine = ticks.reduce((sum, value, index) => sum + (index === 3 || index === 4 || index > 7 ? 0 : value), 0);
  return used;
};
