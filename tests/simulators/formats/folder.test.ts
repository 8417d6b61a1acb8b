import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBytes, textOf } from '../../../simulators/formats/bytes.ts';
import { createFolder } from '../../../simulators/formats/folder.ts';

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'wardwatch-folder-'));
});
afterEach(() => rmSync(path, { recursive: true }));

test('bytes are read from anywhere in a file that is larger than a piece, and end where it ends', () => {
  const content = Buffer.from(Uint8Array.from({ length: 700_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
  writeFileSync(join(path, 'large.dat'), content);
  const bytes = openBytes(join(path, 'large.dat'));
  expect(bytes.size).toBe(content.length);
  for (const [at, length] of [
    [0, 10],
    [5, 262_144],
    [262_140, 10],
    [600_000, 99_000],
    [3, 4],
    [0, 700_000],
    [699_995, 100],
    [800_000, 10],
  ] as const) {
    expect(bytes.read(at, length).equals(content.subarray(at, at + length))).toBe(true);
  }
});

test('a file is taken as it is before its compressed sibling', () => {
  writeFileSync(join(path, 'a.dat'), 'plain');
  writeFileSync(join(path, 'a.dat.gz'), gzipSync('packed'));
  writeFileSync(join(path, 'b.dat.gz'), gzipSync('packed too'));
  const { open } = createFolder(path);
  expect(textOf('a.dat', open('a.dat'))).toBe('plain');
  expect(textOf('b.dat', open('b.dat'))).toBe('packed too');
});

test('only the files that were read last are kept', () => {
  const { open } = createFolder(path);
  for (let index = 0; index < 40; index += 1) writeFileSync(join(path, `${index}.dat`), String(index));
  const first = open('0.dat');
  expect(open('0.dat')).toBe(first);
  const used = open('1.dat');
  for (let index = 1; index < 40; index += 1) {
    open(`${index}.dat`);
    // What is read again and again stays.
    if (index % 10 === 0) expect(open('1.dat')).toBe(used);
  }
  expect(open('1.dat')).toBe(used);
  expect(open('0.dat')).not.toBe(first);
  expect(textOf('0.dat', open('0.dat'))).toBe('0');
});

test('what is no file is refused', () => {
  expect(() => openBytes(path)).toThrow('is not a file');
  expect(() => openBytes('/dev/zero')).toThrow('/dev/zero is not a file');
});
