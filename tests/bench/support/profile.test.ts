import { expect, test } from 'vitest';
import { type Profile, spentIn } from '../../../bench/support/profile.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, columnNumber: 10 * id },
  children,
});

const PROFILE: Profile = {
  nodes: [
    node(1, '(root)', '', [2, 3, 6, 7]),
    node(2, '(idle)', ''),
    node(3, 'take', 'file:///w/ingest/alarms/take.ts', [4, 5]),
    node(4, '', 'file:///w/domain/step.ts'),
    node(5, 'parse', 'file:///w/node_modules/zod/v4/parse.js'),
    node(6, '(garbage collector)', ''),
    node(7, 'emit', 'node:events'),
  ],
  samples: [2, 3, 4, 4, 5, 6, 7],
  timeDeltas: [1_000, 10, 20, 20, 30, 40, 50],
};

test('a thread that waits is not busy, and folders, packages, Node and the collector have their shares', () => {
  const { busyUs, byFolder } = spentIn(PROFILE, { root: '/w/' });
  expect(busyUs).toBe(170);
  expect(byFolder).toEqual([
    ['node:*', 50],
    ['domain', 40],
    ['(garbage collector)', 40],
    ['node_modules/zod', 30],
    ['ingest/alarms', 10],
  ]);
});

test('a function without a name is told by the name that is found for it, or by its column', () => {
  const names = (nameOf?: () => string) => spentIn(PROFILE, { root: '/w/', nameOf }).byFunction.map(([name]) => name);
  expect(names()).toContain('(at column 40)  domain/step.ts');
  expect(names(() => 'step')).toContain('step  domain/step.ts');
});

test('of folders that are asked for only their functions are told, and their share with all they call', () => {
  const { ownUs, withCalledUs, byFunction } = spentIn(PROFILE, { root: '/w/', folders: ['ingest/alarms'] });
  expect(byFunction).toEqual([['take  ingest/alarms/take.ts', 10]]);
  expect([ownUs, withCalledUs]).toEqual([10, 80]);
});
