import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Costs, Profile, type Spent, spentIn } from './support/profile.ts';

/**
 * Where a thread's time went, by CPU profiles: the largest costs by folder and by function. Of a folder of profiles it is
 * the thread that was busiest.
 *
 *   npx tsx bench/read-profile.ts bench/results/profile-ingest
 *   npx tsx bench/read-profile.ts before.cpuprofile after.cpuprofile
 *   npx tsx bench/read-profile.ts bench/results/profile-ingest domain/alarms ingest/alarms
 */

const TOP = 5;
const TOP_OF_FOLDERS = 12;

/**
 * tsx writes each file as one line and takes arrow functions their names; Node from 22.18 on reads the files as they are.
 * So a file is written once more as tsx does it, by the same esbuild, and the name read before the column.
 */
const createNames = () => {
  type Esbuild = { readonly transformSync: (source: string, options: object) => { readonly code: string } };
  const esbuild: Esbuild = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild');
  const written = new Map<string, string>();
  const write = (url: string): string => {
    const options = { loader: 'ts', format: 'esm', minifyWhitespace: true, keepNames: true, target: 'node20' };
    return esbuild.transformSync(readFileSync(fileURLToPath(url), 'utf8'), options).code;
  };
  return ({ url, columnNumber }: { url: string; columnNumber: number }): string | undefined => {
    if (!url.endsWith('.ts')) return undefined;
    try {
      const code = written.get(url) ?? write(url);
      written.set(url, code);
      return /(\w+)[=:]\w+\((?:async ?)?$/.exec(code.slice(0, columnNumber))?.[1];
    } catch {
      // The file has changed since, or is that of a checkout that is gone.
      return undefined;
    }
  };
};

const filesIn = async (path: string): Promise<string[]> => {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await readdir(path)).filter((name) => name.endsWith('.cpuprofile')).map((name) => join(path, name));
};

/** The folder of the checkout that was measured, which may be another than this. */
const rootOf = ({ nodes }: Profile): string => {
  for (const { callFrame } of nodes) {
    const [, root] = /^file:\/\/(.*\/)bin\/wardwatch\.js$/.exec(callFrame.url) ?? [];
    if (root !== undefined) return root;
  }
  return fileURLToPath(new URL('..', import.meta.url));
};

const readBusiest = async (path: string, folders: readonly string[]): Promise<Spent | undefined> => {
  const nameOf = createNames();
  let busiest: Spent | undefined;
  for (const file of await filesIn(path)) {
    const profile = Profile.parse(JSON.parse(await readFile(file, 'utf8')));
    const spent = spentIn(profile, { root: rootOf(profile), folders, nameOf });
    if (spent.busyUs > (busiest?.busyUs ?? 0)) busiest = spent;
  }
  return busiest;
};

const table = (heading: string, costs: Costs, busyUs: number, top: number): string[] => [
  `| ${heading} | of the busy time | seconds |`,
  '| --- | ---: | ---: |',
  ...costs
    .slice(0, top)
    .map(([name, us]) => `| ${name} | ${((100 * us) / busyUs).toFixed(1)} % | ${(us / 1e6).toFixed(2)} |`),
];

const describe = (path: string, folders: readonly string[], spent: Spent | undefined): string[] => {
  if (!spent) return [`${path}: no profile in which a thread was busy`];
  const { busyUs, ownUs, withCalledUs, byFolder, byFunction } = spent;
  const share = (us: number): string => `${((100 * us) / busyUs).toFixed(1)} %`;
  const asked =
    folders.length === 0
      ? []
      : [`${folders.join(' and ')}: ${share(ownUs)} themselves, ${share(withCalledUs)} with all they call`];
  return [
    `${path}: busy for ${(busyUs / 1e6).toFixed(1)} s`,
    ...asked,
    '',
    ...table('folder', byFolder, busyUs, TOP),
    '',
    ...table('function', byFunction, busyUs, folders.length === 0 ? TOP : TOP_OF_FOLDERS),
    '',
  ];
};

const isProfile = async (path: string): Promise<boolean> =>
  path.endsWith('.cpuprofile') || (await filesIn(path).catch(() => [])).some((name) => name.endsWith('.cpuprofile'));

const paths: string[] = [];
const folders: string[] = [];
for (const argument of process.argv.slice(2)) ((await isProfile(argument)) ? paths : folders).push(argument);
if (paths.length === 0) {
  process.stderr.write('usage: read-profile.ts <file.cpuprofile or folder of them…> [folder of the sources…]\n');
  process.exitCode = 1;
}
for (const path of paths) {
  process.stdout.write(`${describe(path, folders, await readBusiest(path, folders)).join('\n')}\n`);
}
