import { UserError } from '#platform/errors.ts';
import type { Bytes } from '../bytes.ts';
import type { Recording } from '../recording.ts';
import { recordingOf, type SampledSignal, type Stretch } from '../sampled.ts';
import { type Edf, openEdf } from './file.ts';
import { ANNOTATIONS } from './header.ts';

/** The records of an EDF file as stretches of time: those of EDF+D have gaps between them. */

/** In the files of wardwatch itself the lowest value of a signal stands for a missing sample; EDF has none for that. */
const MARKS_MISSING = /\bwardwatch$/;
/** Clocks of records are written in decimals. */
const TOLERANCE_SECONDS = 0.001;

type Run = { readonly startSeconds: number; readonly first: number; readonly count: number };

/** Records that follow each other without a gap. */
const runsOf = (path: string, { header, records, onsets }: Edf): Run[] => {
  const { reserved, recordSeconds } = header;
  if (records === 0) return [];
  const isContiguous = !reserved.startsWith('EDF+D');
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const onset of onsets()) {
    if (isContiguous) return [{ startSeconds: onset, first: 0, count: records }];
    const end = run ? run.startSeconds + run.count * recordSeconds : Number.NEGATIVE_INFINITY;
    if (onset < end - TOLERANCE_SECONDS) throw new UserError(`${path}: its records are not in the order of time`);
    if (run && onset <= end + TOLERANCE_SECONDS) run = { ...run, count: run.count + 1 };
    else {
      if (run) runs.push(run);
      run = { startSeconds: onset, first: (run?.first ?? 0) + (run?.count ?? 0), count: 1 };
    }
  }
  return run ? [...runs, run] : runs;
};

const signalsOf = ({ header, read }: Edf, { first }: Run): SampledSignal[] => {
  const marksMissing = MARKS_MISSING.test(header.recording);
  return header.signals.flatMap(({ label, dimension, physical, digital, samplesPerRecord }, index) => {
    if (label === ANNOTATIONS || samplesPerRecord === 0) return [];
    const [low, high] = digital;
    const step = (physical[1] - physical[0]) / (high - low);
    const isMissing = (raw: number): boolean => raw < low || raw > high || (marksMissing && raw === low);
    return [
      {
        name: label,
        unit: dimension || undefined,
        perFrame: samplesPerRecord,
        read: (from: number, count: number) =>
          Array.from(read(index, first * samplesPerRecord + from, count), (raw) =>
            isMissing(raw) ? null : physical[0] + step * (raw - low),
          ),
      },
    ];
  });
};

export const edfStretches = (path: string, edf: Edf): Stretch[] =>
  runsOf(path, edf).map((run) => ({
    startMs: run.startSeconds * 1_000,
    frames: run.count,
    frameRate: 1 / edf.header.recordSeconds,
    signals: signalsOf(edf, run),
  }));

export const parseEdf = ({ path, name }: { path: string; name: string }, bytes: Bytes): Recording => {
  const edf = openEdf(path, bytes);
  const format = edf.header.reserved.startsWith('EDF+') ? 'EDF+ file' : 'EDF file';
  const recording = recordingOf(name, format, edfStretches(path, edf));
  let annotations = 0;
  for (const _ of edf.annotations()) annotations += 1;
  if (annotations === 0) return recording;
  const why = 'annotations are not sent';
  return { ...recording, skipped: [...recording.skipped, { from: ANNOTATIONS, unit: null, why, values: annotations }] };
};
