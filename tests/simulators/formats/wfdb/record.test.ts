import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inMemory as bytesOf } from '../../../../simulators/formats/bytes.ts';
import { createFolder } from '../../../../simulators/formats/folder.ts';
import { parseWfdbHeader } from '../../../../simulators/formats/wfdb/header.ts';
import { openWfdb, parseWfdb } from '../../../../simulators/formats/wfdb/stretches.ts';
import { inMemory, readWhole, recordingPath, withoutRecordings } from '../../support/recordings.ts';

/** A folder with the files that are given; `bytes` is what every other name holds. */
const folderOf = (bytes: Uint8Array, texts: Readonly<Record<string, string>> = {}) => ({
  has: () => false,
  open: (name: string) => bytesOf(texts[name] === undefined ? bytes : Buffer.from(texts[name])),
});
const bytes = (...values: number[]) => Uint8Array.from(values);
const parse = (text: string, samples: Uint8Array, texts?: Readonly<Record<string, string>>) =>
  inMemory(parseWfdb({ path: 'r.hea', name: 'r', text }, folderOf(samples, texts)));

const asInt16 = (sum: number) => (sum << 16) >> 16;

describe('a WFDB record', () => {
  it('decodes format 212: two samples of 12 bits in three bytes, negative ones too', () => {
    // 0x7ff = 2047, 0x800 = -2048 (no sample), 0xfff = -1, 0x001 = 1
    const header = 'r 2 2 2\nr.dat 212 1/mV 12 0 2047 2046 0 II\nr.dat 212 1/mV 12 0 -2048 -2047 0 V\n';
    const { frames } = parse(header, bytes(0xff, 0x87, 0x00, 0xff, 0x0f, 0x01));
    expect(frames).toEqual([
      {
        atMs: 0,
        waves: {
          'ecg-ii': { rate: 2, unit: 'mV', samples: [2047, -1] },
          'ecg-v': { rate: 2, unit: 'mV', samples: [null, 1] },
        },
      },
    ]);
  });

  it('decodes format 16 after its offset, with the missing sample null and the baseline taken off', () => {
    const { frames } = parse(
      'r 1 250 3\nr.mat 16+2 10(5)/mV 16 0 25 -32748 0 II\n',
      bytes(9, 9, 25, 0, 0, 0x80, 0xfb, 0xff),
    );
    expect(frames[0]?.waves?.['ecg-ii']?.samples).toEqual([2, null, -1]);
  });

  it('sends the unit of its header, and leaves out what is in none that is understood', () => {
    const of = (description: string, gain: string) =>
      parse(`r 1 1 1\nr.dat 16 ${gain} 16 0 40 40 0 ${description}\n`, bytes(40, 0));
    expect(of('II', '1/µV').frames[0]?.waves).toEqual({ 'ecg-ii': { rate: 1, unit: 'µV', samples: [40] } });
    expect(of('ABP', '10/kPa').frames[0]?.waves).toEqual({ abp: { rate: 1, unit: 'kPa', samples: [4] } });
    for (const [description, gain] of [
      ['II', '1/furlong'],
      ['II', '1/NU'],
      ['II', '0'],
      ['ABP', '1/mV'],
    ] as const) {
      expect(of(description, gain)).toMatchObject({ mapped: [], frames: [], skipped: [{ from: description }] });
    }
  });

  it('takes RESP in pm for the rate that it is, and not for a waveform', () => {
    const { frames, mapped } = parse(
      'r 2 1 1\nr.dat 16 1/pm 16 0 40 40 0 RESP\nr.dat 16 10/kPa 16 0 93 93 0 NBPMean\n',
      bytes(40, 0, 93, 0),
    );
    expect(mapped).toEqual([
      { from: 'RESP', unit: 'pm', to: 'respiratory-rate', values: 1 },
      { from: 'NBPMean', unit: 'kPa', to: 'nibp-mean', values: 1 },
    ]);
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'respiratory-rate': { value: 40, unit: 'pm' }, 'nibp-mean': { value: 9.3, unit: 'kPa' } } },
    ]);
  });

  it('takes RESP at the pace of a waveform for a waveform without a size, whatever unit is written beside it', () => {
    const { frames, mapped } = parse('r 1 125 1\nr.dat 16 1/pm 16 0 40 40 0 RESP,\n', bytes(40, 0));
    expect(mapped).toEqual([{ from: 'RESP', unit: 'pm', to: 'resp', values: 1 }]);
    expect(frames).toEqual([{ atMs: 0, waves: { resp: { rate: 125, samples: [40] } } }]);
  });

  it('takes RESP without a unit for a rate when it has one value a second', () => {
    const of = (rate: number) => parse(`r 1 ${rate} 1\nr.dat 16 1 16 0 40 40 0 RESP\n`, bytes(40, 0)).frames;
    expect(of(1)).toEqual([{ atMs: 0, vitals: { 'respiratory-rate': 40 } }]);
    expect(of(25)).toEqual([{ atMs: 0, waves: { resp: { rate: 25, samples: [40] } } }]);
  });

  it('leaves out what has the name of a vital and the pace of a waveform', () => {
    expect(parse('r 1 125 1\nr.dat 16 1/mmHg 16 0 40 40 0 NBP Mean\n', bytes(40, 0))).toMatchObject({
      skipped: [
        {
          from: 'NBP Mean',
          values: 1,
          why: '125 values a second are a waveform, and not readings of NIBP mean',
        },
      ],
      span: undefined,
      frames: [],
    });
  });

  it('takes what has one name as a number and as a waveform for the one of its pace', () => {
    const becomes = (rate: number) =>
      parse(`r 1 ${rate} 1\nr.dat 16 1/mmHg 16 0 4 4 0 CVP\n`, bytes(4, 0)).mapped.map(({ to }) => to);
    expect([becomes(125), becomes(1), becomes(1 / 60)]).toEqual([['cvp-wave'], ['cvp'], ['cvp']]);
  });

  it('sends one of two leads that are the same here, and tells of the other', () => {
    const text = 'r 2 1 1\nr.dat 16 1/mV 16 0 1 1 0 MLII\nr.dat 16 1/mV 16 0 2 2 0 II\n';
    const { mapped, skipped } = parse(text, bytes(1, 0, 2, 0));
    expect(mapped).toEqual([{ from: 'MLII', unit: 'mV', to: 'ecg-ii', values: 1 }]);
    expect(skipped).toEqual([{ from: 'II', unit: 'mV', why: 'a second ecg-ii, beside MLII', values: 1 }]);
  });

  it('counts the samples that are there, of what is left out too', () => {
    const text = 'r 2 2 2\nr.dat 80 1/mV 8 0 1 -127 0 II\nr.dat 80 1/mV 8 0 3 7 0 EEG\n';
    const { mapped, skipped } = parse(text, bytes(129, 131, 0, 132));
    expect(mapped).toMatchObject([{ from: 'II', values: 1 }]);
    expect(skipped).toMatchObject([{ from: 'EEG', values: 2 }]);
  });

  it('reads no more of its files than the block that is taken', () => {
    let read = 0;
    const stored = bytesOf(new Uint8Array(100_000).fill(128));
    const counted = {
      ...stored,
      read(at: number, length: number) {
        read += length;
        return stored.read(at, length);
      },
    };
    const text = 'r 1 100 100000\nr.dat 80 1/mV 8 0 0 0 0 II\n';
    const { frames } = parseWfdb({ path: 'r.hea', name: 'r', text }, { has: () => false, open: () => counted });
    read = 0;
    const [first, second] = frames;
    expect([first?.atMs, second?.atMs]).toEqual([0, 1_000]);
    expect(read).toBe(200);
  });

  it('sends a long frame in blocks of a second', () => {
    const samples = Uint8Array.from({ length: 32 }, (_, index) => 128 + index);
    const text = 'r 2 0.25 2\nr.dat 80x12 1/mV 8 0 0 324 0 II\nr.dat 80x4 1/NU 8 0 12 172 0 PLETH\n';
    const { frames, span } = parse(text, samples);
    expect(span).toEqual({ messages: 8, firstMs: 0, lastMs: 7_000 });
    expect(frames).toHaveLength(8);
    expect(frames[1]).toEqual({
      atMs: 1_000,
      waves: { 'ecg-ii': { rate: 3, unit: 'mV', samples: [3, 4, 5] }, pleth: { rate: 1, samples: [13] } },
    });
    expect(frames[4]?.waves?.['ecg-ii']?.samples).toEqual([16, 17, 18]);
  });

  it('sends the readings of a long frame at their own moments, beside its waveforms', () => {
    const text = 'r 2 0.25 2\nr.dat 80x4 1/mV 8 0 0 40 0 II\nr.dat 80x3 1/bpm 8 0 4 51 0 HR\n';
    const samples = Uint8Array.from({ length: 14 }, (_, index) => 128 + index);
    const { frames, span } = parse(text, samples);
    const heartRates = frames.flatMap(({ atMs, vitals }) => (vitals ? [[atMs, vitals['heart-rate']]] : []));
    expect(heartRates).toEqual(
      [4, 5, 6, 11, 12, 13].map((value, index) => [Math.round((index * 4_000) / 3), { value, unit: 'bpm' }]),
    );
    expect(frames.flatMap(({ waves }) => waves?.['ecg-ii']?.samples ?? [])).toEqual([0, 1, 2, 3, 7, 8, 9, 10]);
    const moments = frames.map(({ atMs }) => atMs);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(span).toEqual({ messages: 14, firstMs: 0, lastMs: 7_000 });
  });

  it('gives no name to the terminal that could steer it', () => {
    const { mapped, skipped } = parse('r 1 1 1\nr.dat 80 1/mV 8 0 1 1 0 \u001b[2J\n', bytes(129));
    expect({ mapped, skipped }).toMatchObject({ mapped: [], skipped: [{ from: ' [2J' }] });
  });

  it('counts a skew in frames, and has no samples where the file has no more', () => {
    const text = 'r 2 1 3\nr.dat 80x2:1 1/mV 8 0 1 21 0 II\nr.dat 80 1/NU 8 0 7 24 0 PLETH\n';
    const { frames, mapped } = parse(text, bytes(129, 130, 135, 131, 132, 136, 133, 134, 137));
    expect(frames.map(({ waves }) => [waves?.['ecg-ii']?.samples, waves?.pleth?.samples])).toEqual([
      [[3, 4], [7]],
      [[5, 6], [8]],
      [[null, null], [9]],
    ]);
    expect(mapped.map(({ values }) => values)).toEqual([4, 3]);
  });

  it('reads a file whose signals are not beside each other in the header', () => {
    const text = 'r 3 1 1\na.dat 80 1/mV 8 0 1 1 0 I\nb.dat 80 1/mV 8 0 1 1 0 II\na.dat 80 1/mV 8 0 2 2 0 III\n';
    const { frames } = parse(text, bytes(129, 130));
    const samples = Object.entries(frames[0]?.waves ?? {}).map(([id, wave]) => [id, ...wave.samples]);
    expect(samples).toEqual([
      ['ecg-i', 1],
      ['ecg-ii', 1],
      ['ecg-iii', 2],
    ]);
  });

  it('refuses samples that its checksum or first value does not fit, and files that end too soon', () => {
    const damaged = 'r.hea: the samples of II do not match its header: r.dat is damaged, fetch it again';
    expect(() => parse('r 1 250 2\nr.dat 16 1/mV 16 0 1 9 0 II\n', bytes(1, 0, 2, 0))).toThrow(damaged);
    expect(() => parse('r 1 250 2\nr.dat 16 1/mV 16 0 7 3 0 II\n', bytes(1, 0, 2, 0))).toThrow(damaged);
    const short = 'r.hea: r.dat ends after 2 of 3 samples: fetch it again';
    expect(() => parse('r 1 250 3\nr.dat 16 1/mV 16 0 1 3 0 II\n', bytes(1, 0, 2, 0))).toThrow(short);
    expect(() => parse('r 1 250 1000000000000\nr.dat 16 1/mV 16 0 1 3 0 II\n', bytes(1, 0))).toThrow('ends after 1 of');
    expect(() => parse('r 1 250 2\nr.dat 16+1000000 1/mV 16 0 1 3 0 II\n', bytes(1, 0))).toThrow('ends after 0 of 2');
  });

  it.each([
    [310, 4, 3],
    [310, 3, 1],
    [310, 2, 1],
    [310, 1, 0],
    [311, 3, 2],
    [311, 2, 1],
    [212, 2, 1],
    [212, 1, 0],
    [24, 5, 1],
  ])('finds in format %i the whole samples of %i bytes: %i', (format, length, whole) => {
    const text = `r 1 250 9\nr.dat ${format} 1/mV\n`;
    expect(() => parse(text, new Uint8Array(length))).toThrow(`ends after ${whole} of 9 samples`);
  });

  it('refuses formats it does not decode rather than guess', () => {
    const text = (format: string) => `r 1 250 2\nr.dat ${format} 1/mV 16 0 1 3 0 II\n`;
    expect(() => parse(text('17'), bytes(1, 2))).toThrow(
      'r.hea: r.dat: samples in format 17 are not read, only in 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524',
    );
    const two = 'r 2 250 2\nr.dat 16 1/mV 16 0 1 3 0 II\nr.dat 80 1/mV 16 0 1 3 0 V\n';
    expect(() => parse(two, bytes(1, 2))).toThrow('the signals of r.dat differ in format or offset');
  });

  describe('of several segments', () => {
    const ONE = 'r1 1 1 2\nr.dat 80 1/mV 8 0 1 3 0 II\n';
    const samples = bytes(129, 130);

    it('leaves the time of a gap out, and counts a signal over all segments', () => {
      const { frames, mapped, span } = parse('r/3 1 1 9\nr1 2\n~ 5\nr1 2\n', samples, { 'r1.hea': ONE });
      expect(frames.map(({ atMs, waves }) => [atMs, waves?.['ecg-ii']?.samples])).toEqual([
        [0, [1]],
        [1_000, [2]],
        [7_000, [1]],
        [8_000, [2]],
      ]);
      expect(mapped).toEqual([{ from: 'II', unit: 'mV', to: 'ecg-ii', values: 4 }]);
      expect(span).toEqual({ messages: 4, firstMs: 0, lastMs: 8_000 });
    });

    it('keeps to one lead for a waveform in all segments', () => {
      const other = 'r2 1 1 2\nr.dat 80 1/mV 8 0 1 3 0 MLII\n';
      const text = 'r/3 1 1 4\nlayout 0\nr1 2\nr2 2\n';
      expect(parse(text, samples, { 'r1.hea': ONE, 'r2.hea': other })).toMatchObject({
        mapped: [{ from: 'II', values: 2 }],
        skipped: [{ from: 'MLII', why: 'a second ecg-ii, beside II', values: 2 }],
      });
    });

    it.each([
      ['another length', 'r/1 1 1 3\nr1 3\n', ONE, 'r1 has 2 samples, and the record names 3'],
      ['another sum of lengths', 'r/1 1 1 9\nr1 2\n', ONE, 'its segments have 2 samples, and it names 9'],
      ['another rate', 'r/1 1 5 2\nr1 2\n', ONE, 'r1 has 1 frames a second, and the record 5'],
      ['other signals', 'r/1 2 1 2\nr1 2\n', ONE, 'r1 has 1 signals, and the record 2'],
      ['segments itself', 'r/1 1 1 2\nr1 2\n', 'r1/1 1 1 2\nr1 2\n', 'its segment r1 has segments itself'],
    ])('is refused when a segment has %s', (_what, text, segment, message) => {
      expect(() => parse(text, samples, { 'r1.hea': segment })).toThrow(`r.hea: ${message}`);
    });
  });

  describe.skipIf(withoutRecordings)(`of a real patient${withoutRecordings ? ` (${withoutRecordings})` : ''}`, () => {
    it.each([
      ['v102s', 4, 75_000],
      ['a103l', 3, 82_500],
    ])('%s: every signal has the first value and the checksum that its header states', (name, count, samples) => {
      const path = recordingPath(`wfdb/${name}.hea`);
      const text = readFileSync(path, 'utf8');
      const header = parseWfdbHeader(path, text);
      const [stretch] = openWfdb(path, text, createFolder(recordingPath('wfdb')));
      expect(stretch).toMatchObject({ frames: samples, frameRate: 250 });
      expect(stretch?.signals).toHaveLength(count);
      for (const [index, { gain, baseline, format, initialValue, checksum }] of header.signals.entries()) {
        const values = stretch?.signals[index]?.read(0, samples) ?? [];
        const missing = format === 212 ? -2_048 : -32_768;
        const raw = values.map((value) => (value === null ? missing : Math.round(value * gain + baseline)));
        expect(raw[0]).toBe(initialValue);
        expect(asInt16(raw.reduce((sum, value) => (sum + value) | 0, 0))).toBe(checksum);
      }
    });

    it('v102s: physical values are the converter’s by gain and baseline, in blocks of a second', () => {
      const { frames, mapped } = readWhole(recordingPath('wfdb/v102s.dat'));
      expect(mapped.map(({ to }) => to)).toEqual(['ecg-ii', 'ecg-v', 'pleth', 'resp']);
      expect(frames).toHaveLength(300);
      expect(frames[0]?.waves?.['ecg-ii']).toMatchObject({ rate: 250, unit: 'mV' });
      expect(frames[0]?.waves?.['ecg-ii']?.samples[0]).toBe(-26 / 2_281);
      expect(frames[0]?.waves?.resp?.samples[0]).toBe(339 / 38_880);
    });

    it('a103l: the gains written as 1.052e+04 are read', () => {
      const { frames } = readWhole(recordingPath('wfdb/a103l'));
      expect(frames).toHaveLength(330);
      expect(frames[0]?.waves?.['ecg-v']?.samples[0]).toBe(9_127 / 10_520);
      expect(frames[0]?.waves?.pleth?.samples[0]).toBe(6_042 / 12_530);
    });
  });
});
