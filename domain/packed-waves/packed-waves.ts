import { BitReader, BitWriter } from './bits.ts';
import { packBody, unpackBody } from './body.ts';
import { NewerWavesError, UnreadableWavesError } from './errors.ts';

/**
 * The waveforms of one device at one time as bytes:
 *
 *   format, then for each waveform: MDC code and flags, rate, count, length of the rest, −0, gaps, samples
 *
 * They go together because a row and its index entry take about 120 bytes, as much as a waveform of a second.
 * Another format raises `FORMAT` of what is stored too (domain/alarms/formats), so that older programs refuse the database.
 */
export const PACKED_FORMAT = 1;

/** Told with the MDC code, beside the flags of the body: there are as many samples as the rate says. */
const IS_SECOND = 4;
const FLAGS = 8;

/** NaN is a missing sample. */
export type Wave = { readonly mdc: number; readonly rate: number; readonly samples: Float32Array };

/** A bound of what is written, so that damaged bytes cannot ask for more memory. */
const MAX_WAVES = 64;

/** A whole rate is written as it is; 0 says that a float follows. */
const writeRate = (writer: BitWriter, rate: number): void => {
  if (Number.isInteger(rate) && rate > 0) {
    writer.varint(rate);
    return;
  }
  writer.varint(0);
  writer.float(rate);
};

const readRate = (reader: BitReader): number => {
  const rate = reader.varint();
  return rate > 0 ? rate : reader.float();
};

/** Each MDC code at most once. */
export const packWaves = (waves: readonly Wave[]): Uint8Array => {
  if (waves.length > MAX_WAVES) throw new RangeError(`${waves.length} waveforms do not go into one row`);
  const whole = new BitWriter();
  whole.byte(PACKED_FORMAT);
  for (const { mdc, rate, samples } of waves) {
    const { flags, bytes } = packBody(samples);
    const isSecond = samples.length === rate;
    whole.varint(mdc * FLAGS + flags + (isSecond ? IS_SECOND : 0));
    writeRate(whole, rate);
    if (!isSecond) whole.varint(samples.length);
    whole.varint(bytes.length);
    whole.bytes(bytes);
  }
  return whole.take();
};

/**
 * The waveforms as they were packed, to the bit; of all, or of those that are wanted. Throws a NewerWavesError for a format
 * that this program does not know, and an UnreadableWavesError for bytes that no program packed.
 */
export const unpackWaves = (bytes: Uint8Array, isWanted: (mdc: number) => boolean = () => true): Wave[] => {
  const reader = new BitReader(bytes);
  const format = reader.byte();
  if (format > PACKED_FORMAT) throw new NewerWavesError(format, PACKED_FORMAT);
  if (format === 0) throw new UnreadableWavesError('packed waveforms name no format');
  const waves: Wave[] = [];
  for (let count = 0; reader.left() > 0; count++) {
    if (count === MAX_WAVES) throw new UnreadableWavesError('there are more waveforms than go into one row');
    const code = reader.varint();
    const mdc = Math.floor(code / FLAGS);
    const rate = readRate(reader);
    const length = (code % FLAGS) & IS_SECOND ? rate : reader.varint();
    const written = reader.bytes(reader.varint());
    if (!isWanted(mdc)) continue;
    waves.push({ mdc, rate, samples: unpackBody(written, length, code % FLAGS) });
  }
  return waves;
};
