import { coerceError, UserError } from '#platform/errors.ts';
import { textOf } from '../bytes.ts';
import type { Folder } from '../folder.ts';
import type { Recording, Skipped, SourceFile } from '../recording.ts';
import { recordingOf, type Stretch } from '../sampled.ts';
import { parseAnnotations } from './annotations.ts';
import { parseWfdbHeader, type WfdbHeader, type WfdbSegment } from './header.ts';
import { openWfdbRecord } from './record.ts';

/** A WFDB record of PhysioNet, in one piece or in segments, as stretches of time. */

/** In a record of variable layout the first segment has no samples: its header lists all signals that ever come. */
const hasLayout = ([first]: readonly WfdbSegment[]): boolean => first?.name !== undefined && first.samples === 0;

/** The header of a segment, which must fit what the record says of it. */
const segmentHeader = (path: string, record: WfdbHeader, name: string, folder: Folder): WfdbHeader => {
  const file = `${name}.hea`;
  const header = parseWfdbHeader(file, textOf(file, folder.open(file)));
  if (header.segments)
    throw new UserError(`${path}: its segment ${name} has segments itself, which WFDB does not allow`);
  if (header.rate !== record.rate) {
    throw new UserError(`${path}: ${name} has ${header.rate} frames a second, and the record ${record.rate}`);
  }
  if (!hasLayout(record.segments ?? []) && header.signalCount !== record.signalCount) {
    throw new UserError(`${path}: ${name} has ${header.signalCount} signals, and the record ${record.signalCount}`);
  }
  return header;
};

const segmentStretches = (path: string, record: WfdbHeader, segments: readonly WfdbSegment[], folder: Folder) => {
  const stretches: Stretch[] = [];
  let startFrame = 0;
  for (const { name, samples } of segments) {
    if (name !== undefined && samples > 0) {
      const header = segmentHeader(path, record, name, folder);
      const { frames, signals } = openWfdbRecord(`${name}.hea`, header, folder);
      if (frames !== samples) {
        throw new UserError(`${path}: ${name} has ${frames} samples, and the record names ${samples}: fetch it again`);
      }
      stretches.push({ startMs: (startFrame * 1_000) / record.rate, frames, frameRate: record.rate, signals });
    }
    startFrame += samples;
  }
  if (record.samples !== undefined && record.samples !== startFrame) {
    throw new UserError(`${path}: its segments have ${startFrame} samples, and it names ${record.samples}`);
  }
  return stretches;
};

export const openWfdb = (path: string, text: string, folder: Folder): Stretch[] => {
  const header = parseWfdbHeader(path, text);
  if (header.segments) return segmentStretches(path, header, header.segments, folder);
  const { frames, signals } = openWfdbRecord(path, header, folder);
  return [{ startMs: 0, frames, frameRate: header.rate, signals }];
};

export const WFDB = 'WFDB record';

const MAX_ANNOTATION_BYTES = 2 ** 26;

const countAnnotations = (file: string, rate: number, folder: Folder): number => {
  const bytes = folder.open(file);
  if (bytes.size > MAX_ANNOTATION_BYTES) throw new UserError(`${file} is too large for a file of annotations`);
  return parseAnnotations(file, bytes.read(0, bytes.size), rate).length;
};

/**
 * The reference annotations beside a record. Beats and rhythms are nothing that a device measures, so they are only
 * told, and a damaged file of them keeps no sample from being sent.
 */
const annotationsBeside = (path: string, text: string, folder: Folder): Skipped[] => {
  const { name, rate } = parseWfdbHeader(path, text);
  const file = `${name}.atr`;
  if (!folder.has(file)) return [];
  try {
    return [{ from: file, unit: null, why: 'annotations are not sent', values: countAnnotations(file, rate, folder) }];
  } catch (error) {
    return [{ from: file, unit: null, why: coerceError(error).message, values: 0 }];
  }
};

export const parseWfdb = ({ path, name, text }: SourceFile, folder: Folder): Recording => {
  const recording = recordingOf(name, WFDB, openWfdb(path, text, folder));
  return { ...recording, skipped: [...recording.skipped, ...annotationsBeside(path, text, folder)] };
};
