import { UserError } from '#platform/errors.ts';
import { textOf } from '../bytes.ts';
import type { Folder } from '../folder.ts';
import type { Recording, SourceFile } from '../recording.ts';
import { recordingOf, type Stretch } from '../sampled.ts';
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

export const parseWfdb = ({ path, name, text }: SourceFile, folder: Folder): Recording =>
  recordingOf(name, WFDB, openWfdb(path, text, folder));
