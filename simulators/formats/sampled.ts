import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { inUnit, isShape, type Meaning, type Unusable, vitalIn, waveIn } from './columns.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Frame, Recording, Span } from './recording.ts';

/**
 * Recordings of evenly spaced samples, as WFDB and EDF have them: stretches of time, each a number of frames that hold
 * a fixed number of samples of each signal. They are read in blocks of a second, so that a day needs no more memory
 * than a minute.
 */
export type SampledSignal = {
  readonly name: string;
  /** Undefined when the file states none. */
  readonly unit: string | undefined;
  /** The samples of this signal in a frame. */
  readonly perFrame: number;
  /** `null` is a missing sample. */
  readonly read: (from: number, count: number) => (number | null)[];
};

export type Stretch = {
  readonly startMs: number;
  readonly frames: number;
  /** Frames a second. */
  readonly frameRate: number;
  readonly signals: readonly SampledSignal[];
};

/** Faster than this, what has the name of a vital is the waveform that it is derived from. */
const MAX_READINGS_PER_SECOND = 10;
/** Slower than this, nothing shows the shape of a breath. */
const MIN_WAVEFORM_RATE = 2;
/** The bounds of a waveform's message, `WaveInput`. */
const RATES = { min: 0.01, max: 10_000 } as const;
const MAX_SAMPLES = 60_000;
/** So many samples are read at once to count them. */
const COUNTED_AT_ONCE = 50_000;

type Use = ({ readonly kind: 'wave' } & Meaning<WaveId>) | ({ readonly kind: 'vital' } & Meaning<VitalId>);

const waveAt = (name: string, unit: string | undefined, rate: number): Use | Unusable => {
  const found = waveIn(name, unit);
  if ('why' in found) return found;
  if (rate >= RATES.min && rate <= RATES.max) return { kind: 'wave', ...found };
  return { why: `${rate} samples a second, and a message carries ${RATES.min} to ${RATES.max}` };
};

/**
 * `RESP` is a rate and a waveform, and `CVP` a number and one: the unit says which, and where it does not, the number of the
 * samples does.
 */
const useOf = (name: string, unit: string | undefined, rate: number): Use | Unusable => {
  const asWave = waveAt(name, unit, rate);
  const asVital = vitalIn(name, unit);
  if (rate < MIN_WAVEFORM_RATE && !('why' in asVital)) return { kind: 'vital', ...asVital };
  if (!('why' in asWave)) return asWave;
  if ('why' in asVital) {
    const isSameReason = asVital.why === asWave.why;
    return { why: isSameReason ? asVital.why : `${asWave.why}; ${asVital.why}` };
  }
  if (rate <= MAX_READINGS_PER_SECOND) return { kind: 'vital', ...asVital };
  // BIDMC and MIMIC write the unit of the rate beside the waveform that it is counted from.
  if (isShape(name)) return waveAt(name, 'NU', rate);
  return { why: `${rate} values a second are a waveform, and not readings of ${vital(asVital.id).label.en}` };
};

type Used<Id> = Meaning<Id> & { readonly signal: SampledSignal };
type UsedStretch = Stretch & { readonly waves: readonly Used<WaveId>[]; readonly vitals: readonly Used<VitalId>[] };

const countValues = ({ read, perFrame }: SampledSignal, frames: number): number => {
  const total = perFrame * frames;
  let values = 0;
  for (let from = 0; from < total; from += COUNTED_AT_ONCE) {
    for (const sample of read(from, Math.min(COUNTED_AT_ONCE, total - from))) if (sample !== null) values += 1;
  }
  return values;
};

/**
 * Chooses the signals of each stretch. A waveform or vital comes from signals of one name in the whole recording, so that
 * two leads never mix.
 */
const createChooser = (ledger: Ledger) => {
  const owners = new Map<VitalId | WaveId, string>();
  return (stretch: Stretch): UsedStretch => {
    const waves: Used<WaveId>[] = [];
    const vitals: Used<VitalId>[] = [];
    const taken = new Set<VitalId | WaveId>();
    for (const signal of stretch.signals) {
      const { name, unit, perFrame } = signal;
      const use = useOf(name, unit, stretch.frameRate * perFrame);
      const values = countValues(signal, stretch.frames);
      if ('why' in use) {
        ledger.leaveOut(name, unit, use.why, values);
        continue;
      }
      const owner = owners.get(use.id) ?? name;
      if (owner !== name || taken.has(use.id)) {
        ledger.leaveOut(name, unit, `a second ${use.id}, beside ${owner}`, values);
        continue;
      }
      if (perFrame > MAX_SAMPLES) {
        ledger.leaveOut(name, unit, `${perFrame} samples a frame, and a message carries ${MAX_SAMPLES}`, values);
        continue;
      }
      owners.set(use.id, name);
      taken.add(use.id);
      ledger.map(name, unit, use.id, values);
      if (use.kind === 'wave') waves.push({ ...use, signal });
      else vitals.push({ ...use, signal });
    }
    return { ...stretch, waves, vitals };
  };
};

/** A long frame is cut into equal parts where the samples of every waveform allow it. */
const partsOf = (frameRate: number, waves: readonly Used<WaveId>[]): number => {
  if (waves.length === 0) return 1;
  let parts = Math.max(1, Math.min(Math.round(1 / frameRate), MAX_SAMPLES));
  while (waves.some(({ signal }) => signal.perFrame % parts !== 0)) parts -= 1;
  return parts;
};

/** A block of a second in a stretch: `from` and `to` count parts of frames. */
type Block = { readonly atMs: number; readonly parts: number; readonly from: number; readonly to: number };

function* blocksOf({ waves, vitals, frameRate, frames, startMs }: UsedStretch): Generator<Block> {
  if (waves.length + vitals.length === 0) return;
  const parts = partsOf(frameRate, waves);
  const most = Math.max(1, ...waves.map(({ signal }) => signal.perFrame / parts));
  const perBlock = Math.max(1, Math.min(Math.round(frameRate * parts), Math.floor(MAX_SAMPLES / most)));
  for (let from = 0; from < frames * parts; from += perBlock) {
    const to = Math.min(from + perBlock, frames * parts);
    yield { atMs: startMs + (from * 1_000) / (frameRate * parts), parts, from, to };
  }
}

/** The places of a signal's samples that are in a block. */
const placesIn = ({ perFrame }: SampledSignal, { from, to, parts }: Block): { first: number; count: number } => {
  const first = Math.ceil((from * perFrame) / parts);
  return { first, count: Math.ceil((to * perFrame) / parts) - first };
};

const momentOf = ({ startMs, frameRate }: Stretch, { perFrame }: SampledSignal, place: number): number =>
  Math.round(startMs + (place * 1_000) / (frameRate * perFrame));

/** The readings in a block, gathered by their moments. */
const readingsOf = (stretch: UsedStretch, block: Block): Frame[] => {
  const moments = new Map<number, Partial<Record<VitalId, VitalInput>>>();
  for (const { id, unit, signal } of stretch.vitals) {
    const { first, count } = placesIn(signal, block);
    for (const [index, value] of signal.read(first, count).entries()) {
      const atMs = momentOf(stretch, signal, first + index);
      moments.set(atMs, { ...moments.get(atMs), [id]: inUnit(value, unit) });
    }
  }
  return [...moments].sort(([a], [b]) => a - b).map(([atMs, vitals]) => ({ atMs, vitals }));
};

function* framesOf(stretches: readonly UsedStretch[]): Generator<Frame> {
  for (const stretch of stretches) {
    for (const block of blocksOf(stretch)) {
      const waves = stretch.waves.map(({ id, unit, signal }) => {
        const { first, count } = placesIn(signal, block);
        const samples = signal.read(first, count);
        const rate = stretch.frameRate * signal.perFrame;
        return [id, { rate, samples, ...(unit === undefined ? {} : { unit }) }] as const;
      });
      if (waves.length > 0) yield { atMs: block.atMs, waves: Object.fromEntries(waves) };
      yield* readingsOf(stretch, block);
    }
  }
}

/** What `framesOf` yields, without reading a sample. */
const spanOfStretches = (stretches: readonly UsedStretch[]): Span | undefined => {
  let span: Span | undefined;
  const add = (atMs: number): void => {
    span = { messages: (span?.messages ?? 0) + 1, firstMs: span?.firstMs ?? atMs, lastMs: atMs };
  };
  for (const stretch of stretches) {
    for (const block of blocksOf(stretch)) {
      if (stretch.waves.length > 0) add(block.atMs);
      const moments = new Set<number>();
      for (const { signal } of stretch.vitals) {
        const { first, count } = placesIn(signal, block);
        for (let index = 0; index < count; index += 1) moments.add(momentOf(stretch, signal, first + index));
      }
      for (const atMs of [...moments].sort((a, b) => a - b)) add(atMs);
    }
  }
  return span;
};

/** The stretches as a recording; every signal is counted, what is left out too. */
export const recordingOf = (name: string, format: string, stretches: readonly Stretch[]): Recording => {
  const ledger = createLedger();
  const used = stretches.map(createChooser(ledger));
  return {
    name,
    format,
    mapped: ledger.mapped(),
    skipped: ledger.skipped(),
    span: spanOfStretches(used),
    frames: { [Symbol.iterator]: () => framesOf(used) },
  };
};
