import { z } from 'zod';

/** What a CPU profile of V8 says of where a thread's time went. */

export const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), columnNumber: z.number() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});
export type Profile = z.infer<typeof Profile>;
type CallFrame = Profile['nodes'][number]['callFrame'];

/** Microseconds by name, the largest first. */
export type Costs = readonly (readonly [string, number])[];

export type Spent = {
  readonly busyUs: number;
  readonly byFolder: Costs;
  readonly byFunction: Costs;
  /** Of the folders that were asked for: what their own functions took, and what these took with all they call. */
  readonly ownUs: number;
  readonly withCalledUs: number;
};

/** What V8 says of a thread that waits. */
const IDLE = '(idle)';

/** A file of the project by its path in it, one of a package by the package, one of Node by its module. */
const placeOf = (url: string, root: string): string => {
  const [, inPackage] = /\/(node_modules\/(?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(url) ?? [];
  return inPackage ?? url.replace(/^file:\/\//, '').replace(root, '');
};

const folderOf = ({ url, functionName }: CallFrame, root: string): string => {
  // What has no address is V8 itself, or a function of Node in C++ that was called directly.
  if (url === '') return functionName.startsWith('(') ? functionName : 'native functions of Node';
  if (url.startsWith('node:')) return 'node:*';
  const place = placeOf(url, root);
  return place.includes('node_modules/') ? place : place.slice(0, Math.max(0, place.lastIndexOf('/'))) || '(root)';
};

/** `nameOf`: of a function that the profile has no name for. */
const labelOf = (frame: CallFrame, root: string, nameOf: (frame: CallFrame) => string | undefined): string => {
  const name = frame.functionName || nameOf(frame) || `(at column ${frame.columnNumber})`;
  return frame.url === '' ? name : `${name}  ${placeOf(frame.url, root)}`;
};

const add = (costs: Map<string, number>, name: string, us: number): void => {
  costs.set(name, (costs.get(name) ?? 0) + us);
};

const largestFirst = (costs: ReadonlyMap<string, number>): Costs =>
  [...costs].sort(([, one], [, other]) => other - one);

/** `root` ends with a slash. `folders`: whose functions are told, all when none is given. */
export const spentIn = (
  { nodes, samples, timeDeltas }: Profile,
  {
    root,
    folders = [],
    nameOf = () => undefined,
  }: {
    root: string;
    folders?: readonly string[];
    nameOf?: ((frame: CallFrame) => string | undefined) | undefined;
  },
): Spent => {
  const selfUs = new Map<number, number>();
  samples.forEach((id, index) => {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const inside = new Map<number, boolean>();
  const byFolder = new Map<string, number>();
  const byFunction = new Map<string, number>();
  const sums = { busyUs: 0, ownUs: 0, withCalledUs: 0 };
  // A node stands after its parent.
  for (const { id, callFrame } of nodes) {
    const isOwn = folders.length === 0 || folders.some((folder) => callFrame.url.includes(`/${folder}/`));
    inside.set(id, isOwn || inside.get(parents.get(id) ?? 0) === true);
    const us = selfUs.get(id) ?? 0;
    if (callFrame.functionName === IDLE || us === 0) continue;
    sums.busyUs += us;
    if (inside.get(id)) sums.withCalledUs += us;
    add(byFolder, folderOf(callFrame, root), us);
    if (!isOwn) continue;
    sums.ownUs += us;
    add(byFunction, labelOf(callFrame, root, nameOf), us);
  }
  return { ...sums, byFolder: largestFirst(byFolder), byFunction: largestFirst(byFunction) };
};
