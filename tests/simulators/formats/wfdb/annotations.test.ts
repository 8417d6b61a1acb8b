import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inMemory } from '../../../../simulators/formats/bytes.ts';
import { parseAnnotations } from '../../../../simulators/formats/wfdb/annotations.ts';
import { parseWfdb } from '../../../../simulators/formats/wfdb/stretches.ts';
import { FOLDER } from '../../support/other-readings.ts';

/** What the Python package wfdb reads from the same files: tests/fixtures/recordings/make.py. */
const OtherReading = z.object({
  file: z.string(),
  samples: z.array(z.number()),
  symbols: z.array(z.string()),
  subtypes: z.array(z.number()),
  channels: z.array(z.number()),
  numbers: z.array(z.number()),
  texts: z.array(z.string()),
});
const readings = readFileSync(`${FOLDER}atr-values.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => OtherReading.parse(JSON.parse(line)));

const parse = (...bytes: number[]) => parseAnnotations('r.atr', Buffer.from(bytes), 250);

describe('annotations of a WFDB record', () => {
  it.each(readings.map((reading) => [reading.file, reading] as const))(
    'are what another program reads: %s',
    (file, { samples, symbols, subtypes, channels, numbers, texts }) => {
      const read = parseAnnotations(file, readFileSync(`${FOLDER}${file}`), 360);
      expect(read).toEqual(
        samples.map((sample, index) => ({
          atMs: Math.round((sample * 1_000) / 360),
          symbol: symbols[index],
          subtype: subtypes[index],
          channel: channels[index],
          number: numbers[index],
          text: texts[index],
        })),
      );
      expect(read).toHaveLength(7);
    },
  );

  it('go by the rate that the file states before that of the record', () => {
    const file = 'annotated-fs.atr';
    expect(parseAnnotations(file, readFileSync(`${FOLDER}${file}`), 1).at(-1)?.atMs).toBe(1_944_447);
  });

  it('of a code without a symbol keep the code', () => {
    expect(parse(10, 42 << 2, 0, 0)).toMatchObject([{ atMs: 40, symbol: '[42]' }]);
  });

  describe('beside a record', () => {
    const open = (annotations: readonly number[]) =>
      parseWfdb(
        { path: 'r.hea', name: 'r', text: 'r 1 1 1\nr.dat 80 1/mV 8 0 1 1 0 II\n' },
        {
          has: (name) => name === 'r.atr',
          open: (name) => inMemory(Buffer.from(name === 'r.atr' ? annotations : [129])),
        },
      );

    it('are counted, and not sent', () => {
      expect(open([10, 4, 20, 4, 0, 0])).toMatchObject({
        mapped: [{ from: 'II', values: 1 }],
        skipped: [{ from: 'r.atr', unit: null, why: 'annotations are not sent', values: 2 }],
      });
    });

    it('keep no sample from being sent when they are damaged', () => {
      expect(open([10, 4, 20])).toMatchObject({
        mapped: [{ from: 'II', values: 1 }],
        skipped: [{ from: 'r.atr', why: 'r.atr ends within an annotation: fetch it again', values: 0 }],
      });
    });
  });

  it('are refused when the file ends too soon', () => {
    const message = 'r.atr ends within an annotation: fetch it again';
    expect(() => parse(10, 4)).toThrow(message);
    expect(() => parse(10, 4, 9, 63 << 2, 65)).toThrow(message);
    expect(() => parse(0, 59 << 2, 1)).toThrow(message);
    expect(() => parse()).toThrow(message);
  });
});
