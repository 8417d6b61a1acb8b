import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { inMemory as bytesOf } from '../../../simulators/formats/bytes.ts';
import { parseEdf } from '../../../simulators/formats/edf/stretches.ts';
import { createFolder } from '../../../simulators/formats/folder.ts';
import type { Recording } from '../../../simulators/formats/recording.ts';
import { parseAnnotations } from '../../../simulators/formats/wfdb/annotations.ts';
import { parseWfdb } from '../../../simulators/formats/wfdb/stretches.ts';
import { FOLDER } from '../support/other-readings.ts';

/** Whatever is in a file: it is read, or refused in words for the person who gave it. It is never a bug, and never endless. */

const fileOf = (name: string): Buffer => readFileSync(`${FOLDER}${name}`);

/** Some bytes of the file are others, and it may end too soon. */
const damaged = (name: string, byte: fc.Arbitrary<number>): fc.Arbitrary<Buffer> => {
  const file = fileOf(name);
  const place = fc.integer({ min: 0, max: file.length - 1 });
  return fc
    .record({
      changes: fc.array(fc.tuple(place, byte), { maxLength: 4 }),
      length: fc.option(place, { nil: file.length }),
    })
    .map(({ changes, length }) => {
      const copy = Buffer.from(file);
      for (const [at, value] of changes) copy[at] = value;
      return copy.subarray(0, length);
    });
};

/** What is in headers: digits most of all, for they are what a reader counts by. */
const text = fc.constantFrom(...Buffer.from('0123456789999 -+.:x/~()e\n#'));

const mustReadOrRefuse = (read: () => Recording | readonly unknown[]): void => {
  try {
    const result = read();
    const frames = 'frames' in result ? [...result.frames] : [];
    if ('span' in result) expect(result.span?.messages ?? 0).toBe(frames.length);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
  }
};

test.each(['per-frame', 'format-310', 'two-files', 'fixed', 'variable', 'numerics'])('the header of %s.hea', (name) => {
  const folder = createFolder(FOLDER);
  fc.assert(
    fc.property(damaged(`${name}.hea`, text), (header) => {
      mustReadOrRefuse(() => parseWfdb({ path: `${name}.hea`, name, text: header.toString() }, folder));
    }),
  );
});

test('the header of plus.edf', () => {
  const withHeader = damaged('plus.edf', text).map((file) => bytesOf(file));
  fc.assert(
    fc.property(withHeader, (bytes) => mustReadOrRefuse(() => parseEdf({ path: 'plus.edf', name: 'plus' }, bytes))),
  );
});

test('the annotations of annotated.atr', () => {
  const anyByte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(damaged('annotated.atr', anyByte), (bytes) =>
      mustReadOrRefuse(() => parseAnnotations('annotated.atr', bytes, 360)),
    ),
  );
});
