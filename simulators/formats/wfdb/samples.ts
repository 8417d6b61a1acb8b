import type { Bytes } from '../bytes.ts';
import { DIFFERENCES, type SampleFormat } from './sample-formats.ts';

/** Where the samples of one signal are: files hold frames, and a frame holds the samples of each of its signals. */
export type Place = {
  readonly open: () => Bytes;
  readonly format: SampleFormat;
  readonly offsetBytes: number;
  /** The samples in a frame, and which of them are this signal's. */
  readonly frameSamples: number;
  readonly firstInFrame: number;
  readonly perFrame: number;
};

/** The values of the converter, from the first sample in the file on; what is asked for must be in the file. */
export type ReadSamples = (from: number, count: number) => Int32Array;

const BYTES_AT_ONCE = 2 ** 20;

/** The blocks that hold the samples of some frames, filled up with 0 where the file ends within a block. */
const blocksOf = (
  { open, format, offsetBytes, frameSamples }: Place,
  firstFrame: number,
  endFrame: number,
): { data: DataView; firstBlock: number } => {
  const { samplesPerBlock, bytesPerBlock } = format;
  const firstBlock = Math.floor((firstFrame * frameSamples) / samplesPerBlock);
  const endBlock = Math.ceil((endFrame * frameSamples) / samplesPerBlock);
  const length = (endBlock - firstBlock) * bytesPerBlock;
  let bytes = open().read(offsetBytes + firstBlock * bytesPerBlock, length);
  if (bytes.length < length) bytes = Buffer.concat([bytes], length);
  return { data: new DataView(bytes.buffer, bytes.byteOffset, length), firstBlock };
};

const readStored =
  (place: Place): ReadSamples =>
  (from, count) => {
    const { format, frameSamples, firstInFrame, perFrame } = place;
    const { samplesPerBlock, bytesPerBlock } = format;
    const framesAtOnce = Math.max(1, Math.floor((BYTES_AT_ONCE * samplesPerBlock) / (frameSamples * bytesPerBlock)));
    const samples = new Int32Array(count);
    for (let done = 0; done < count; ) {
      const firstFrame = Math.floor((from + done) / perFrame);
      const endFrame = Math.min(firstFrame + framesAtOnce, Math.ceil((from + count) / perFrame));
      const { data, firstBlock } = blocksOf(place, firstFrame, endFrame);
      for (const end = Math.min(count, endFrame * perFrame - from); done < end; done += 1) {
        const frame = Math.floor((from + done) / perFrame);
        const inFile = frame * frameSamples + firstInFrame + (from + done - frame * perFrame);
        const block = Math.floor(inFile / samplesPerBlock);
        samples[done] = format.sample(data, (block - firstBlock) * bytesPerBlock, inFile - block * samplesPerBlock);
      }
    }
    return samples;
  };

const SUMMED_AT_ONCE = 50_000;

/** Samples that are differences need all those before them: where the reading does not go on, it begins anew. */
const readDifferences = (place: Place, initialValue: number): ReadSamples => {
  const read = readStored(place);
  let next = 0;
  let value = initialValue;
  const sumUp = (count: number): Int32Array => {
    const samples = read(next, count);
    for (const [index, difference] of samples.entries()) {
      value = (value + difference) | 0;
      samples[index] = value;
    }
    next += count;
    return samples;
  };
  return (from, count) => {
    if (from < next) {
      next = 0;
      value = initialValue;
    }
    while (next < from) sumUp(Math.min(SUMMED_AT_ONCE, from - next));
    return sumUp(count);
  };
};

export const createReader = (place: Place, formatNumber: number, initialValue: number): ReadSamples =>
  formatNumber === DIFFERENCES ? readDifferences(place, initialValue) : readStored(place);
