import { readFile } from 'node:fs/promises';

/**
 * What a CPU profile says of some folders: their share of the time the thread was busy, and their functions by it.
 *
 *   npx tsx bench/read-profile.ts bench/results/profile-ingest/CPU.….cpuprofile domain/alarms ingest/alarms
 */

type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly columnNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
};

const TOP = 12;
/** What V8 says of a thread that waits, and of one that collects garbage. */
const IDLE = '(idle)';
const COLLECTS = '(garbage collector)';

const readProfile = async (path: string, folders: readonly string[]): Promise<string[]> => {
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(await readFile(path, 'utf8'));
  const selfUs = new Map<number, number>();
  samples.forEach((id, index) => {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const inside = new Map<number, boolean>();
  const byFunction = new Map<string, number>();
  let busyUs = 0;
  let collectUs = 0;
  let ownUs = 0;
  let withCalledUs = 0;
  // A node stands after its parent.
  for (const { id, callFrame } of nodes) {
    const { functionName, url, columnNumber } = callFrame;
    const folder = folders.find((name) => url.includes(`/${name}/`));
    const isInside = folder !== undefined || inside.get(parents.get(id) ?? 0) === true;
    inside.set(id, isInside);
    const us = selfUs.get(id) ?? 0;
    if (functionName === IDLE) continue;
    busyUs += us;
    if (functionName === COLLECTS) collectUs += us;
    if (isInside) withCalledUs += us;
    if (folder === undefined) continue;
    ownUs += us;
    // tsx writes each file as one line and takes arrow functions their names: Node from 22.18 on reads the files as they are.
    const name = `${functionName || `(at column ${columnNumber})`}  ${url.slice(url.indexOf(`/${folder}/`) + 1)}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + us);
  }
  const share = (us: number): string => `${((100 * us) / busyUs).toFixed(2)}%`;
  return [
    `busy ${(busyUs / 1e6).toFixed(1)} s, ${share(collectUs)} collecting garbage; ${folders.join(' and ')}: ${share(ownUs)} themselves, ${share(withCalledUs)} with all they call`,
    ...[...byFunction]
      .sort(([, one], [, other]) => other - one)
      .slice(0, TOP)
      .map(([name, us]) => `  ${share(us).padStart(6)}  ${name}`),
  ];
};

const [path, ...folders] = process.argv.slice(2);
if (!path || folders.length === 0) {
  process.stderr.write('usage: read-profile.ts <file.cpuprofile> <folder…>\n');
  process.exitCode = 1;
} else process.stdout.write(`${(await readProfile(path, folders)).join('\n')}\n`);
