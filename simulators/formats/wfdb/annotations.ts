import { UserError } from '#platform/errors.ts';

/** The annotations of a WFDB record, as in its `.atr`: what people or programs said of its beats. WFDB manual, annot(5). */
export type WfdbAnnotation = {
  readonly atMs: number;
  /** `N` for a normal beat, `V` for a premature ventricular one, and so on; `[5]` for a code without a symbol. */
  readonly symbol: string;
  readonly subtype: number;
  readonly channel: number;
  readonly number: number;
  readonly text: string;
};

/** The symbols of the codes, by their place; a space has none. */
const SYMBOLS = ' NLRaVFJASEj/Q~ | sT*D"=pB^t+u?![]en@xf()r';
const NOTE = 22;
/** It only brings the time forward. */
const EMPTY = 0;

/** Pairs of bytes that are no annotations, but say more of the one before them or of where the next one is. */
const SKIP = 59;
const NUMBER = 60;
const SUBTYPE = 61;
const CHANNEL = 62;
const TEXT = 63;

type Raw = { sample: number; code: number; subtype: number; channel: number; number: number; text: string };

const signed8 = (value: number): number => (value << 24) >> 24;

const readRaw = (path: string, bytes: Buffer): Raw[] => {
  const annotations: Raw[] = [];
  let sample = 0;
  let channel = 0;
  let number = 0;
  const need = (at: number, length: number): void => {
    if (at + length > bytes.length) throw new UserError(`${path} ends within an annotation: fetch it again`);
  };
  for (let at = 0; ; ) {
    need(at, 2);
    const pair = bytes.readUInt16LE(at);
    at += 2;
    if (pair === 0) return annotations;
    const [code, value] = [pair >> 10, pair & 0x3ff];
    const last = annotations.at(-1);
    if (code === SKIP) {
      need(at, 4);
      // The higher half comes first.
      sample += (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2);
      at += 4;
    } else if (code === TEXT) {
      need(at, value);
      if (last) last.text = bytes.toString('latin1', at, at + value).split('\0', 1)[0] ?? '';
      at += value + (value % 2);
    } else if (code === SUBTYPE) {
      if (last) last.subtype = signed8(value);
    } else if (code === CHANNEL) {
      channel = value & 0xff;
      if (last) last.channel = channel;
    } else if (code === NUMBER) {
      number = signed8(value);
      if (last) last.number = number;
    } else {
      sample += value;
      annotations.push({ sample, code, subtype: 0, channel, number, text: '' });
    }
  }
};

const RESOLUTION = /^## time resolution: ([\d.]+)/;
const DEFINITIONS = '## annotation type definitions';
const DEFINITIONS_END = '## end of definitions';

/** Annotations in the order of the file. `rate`: the samples a second, where the file itself does not say. */
export const parseAnnotations = (path: string, bytes: Buffer, rate: number): WfdbAnnotation[] => {
  const raw = readRaw(path, bytes);
  const isHeading = ({ code, text, sample }: Raw): boolean => code === NOTE && sample === 0 && text.startsWith('## ');
  const resolution = Number(raw.map(({ text }) => RESOLUTION.exec(text)?.[1]).find((found) => found !== undefined));
  let isDefinition = false;
  return raw.flatMap((one) => {
    const { sample, code, ...others } = one;
    if (isHeading(one)) {
      isDefinition = one.text === DEFINITIONS || (isDefinition && one.text !== DEFINITIONS_END);
      return [];
    }
    if (isDefinition || code === EMPTY) return [];
    const atMs = Math.round((sample * 1_000) / (resolution > 0 ? resolution : rate));
    const symbol = SYMBOLS[code]?.trim() || `[${code}]`;
    return [{ atMs, symbol, ...others }];
  });
};
