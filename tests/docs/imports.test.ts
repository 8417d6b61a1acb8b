import { expect, test } from 'vitest';
import { importCycles } from '../support/code/import-cycles.ts';
import { codeFiles, roomOf } from './code.ts';
import { CIRCLES } from './sizes-exceptions.ts';

const SHARED = ['domain', 'contracts', 'platform'] as const;

/** What each room may import beside itself: one direction, and no service knows another. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  domain: [],
  contracts: ['domain'],
  platform: ['domain', 'contracts'],
  access: SHARED,
  broker: SHARED,
  ingest: SHARED,
  api: SHARED,
  review: SHARED,
  migrations: SHARED,
  simulators: SHARED,
  web: ['domain', 'contracts'],
  // These put the others together.
  root: 'all',
  nodes: 'all',
  cli: 'all',
  bench: 'all',
  tests: 'all',
};

/** Nothing that is delivered knows of tests; of bench only the command line does, which runs it. */
const NOBODYS: Readonly<Record<string, readonly string[]>> = { tests: ['tests'], bench: ['bench', 'cli', 'tests'] };

const mayImport = (from: string, to: string): boolean => {
  if (from === to) return true;
  const importers = NOBODYS[to];
  if (importers) return importers.includes(from);
  const rooms = MAY_IMPORT[from];
  return rooms === 'all' || rooms?.includes(to) === true;
};

test('every room is told what it may import', () => {
  const rooms = new Set(codeFiles.map(({ path }) => roomOf(path)));
  expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

test('imports point one way: shared code knows no service, no service another, the browser no server', () => {
  const wrong = codeFiles.flatMap(({ path, imports }) =>
    imports.filter((to) => !mayImport(roomOf(path), roomOf(to))).map((to) => `${path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('domain/ imports nothing but itself and zod, so that it runs in a browser', () => {
  const packages = codeFiles
    .filter(({ path }) => roomOf(path) === 'domain')
    .flatMap(({ path, packages }) =>
      packages.filter((name) => name !== 'zod').map((name) => `${path} imports ${name}`),
    );
  expect(packages).toEqual([]);
});

test('no files import each other in a circle, types included; an exception that is not needed any more is taken out', () => {
  expect(importCycles(codeFiles)).toEqual(CIRCLES.map(({ files }) => files));
});
