import { readdirSync, readFileSync } from 'node:fs';

/** What releases wrote, each made by its own code: tests/fixtures/formats. */

const FOLDER = new URL('../fixtures/formats/', import.meta.url);

export const GOLDEN_RELEASES: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const linesOf = <Line>(release: string, file: string): Line[] =>
  readFileSync(new URL(`${release}/${file}`, FOLDER), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Bytes of a journal record in base64, and what it was read as by the release itself. */
type GoldenRecord = { readonly sorts: readonly string[]; readonly bytes: string; readonly record: object };

export const goldenRecords = (release: string): GoldenRecord[] => linesOf(release, 'records.jsonl');

export const goldenStates = (release: string): { readonly key: string; readonly value: string }[] =>
  linesOf(release, 'states.jsonl');

export const goldenFile = (release: string, file: string): Buffer =>
  readFileSync(new URL(`${release}/${file}`, FOLDER));
