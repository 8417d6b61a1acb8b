import type { RecordingRequest } from '#contracts/ports/archive.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { vital } from '#domain/vitals.ts';
import { type WaveId, wave } from '#domain/waveforms.ts';
import type { Queryable } from '../../database/query.ts';
import { notFound } from '../../http/problems.ts';
import { createEdf } from './file.ts';
import { createFilling, SNAP_MS } from './filling.ts';
import type { EdfAnnotation } from './header.ts';
import { pagesOf } from './pages.ts';
import { listAnnounced, type StoredAlarm } from './queries.ts';
import { lookOver, recordSecondsFor } from './survey.ts';

/** The stored waves of a bed as one EDF+ file: looked over once for what there is, and read once while it is sent. */

const SECOND = 1_000;

const LABELS: Readonly<Record<WaveId, string>> = {
  'ecg-i': 'ECG I',
  'ecg-ii': 'ECG II',
  'ecg-iii': 'ECG III',
  'ecg-v': 'ECG V',
  'ecg-avr': 'ECG aVR',
  'ecg-avl': 'ECG aVL',
  'ecg-avf': 'ECG aVF',
  'ecg-v1': 'ECG V1',
  'ecg-v2': 'ECG V2',
  'ecg-v3': 'ECG V3',
  'ecg-v4': 'ECG V4',
  'ecg-v5': 'ECG V5',
  'ecg-v6': 'ECG V6',
  'ecg-mcl': 'ECG MCL',
  'ecg-mcl1': 'ECG MCL1',
  ecg: 'ECG',
  pleth: 'Pleth',
  resp: 'Resp',
  abp: 'ABP',
  co2: 'CO2',
  pap: 'PAP',
  'cvp-wave': 'CVP',
  'icp-wave': 'ICP',
  'airway-pressure': 'Airway pressure',
  'airway-flow': 'Airway flow',
  'airway-volume': 'Airway volume',
};

const DIMENSIONS: Readonly<Record<string, string>> = { 'mm[Hg]': 'mmHg', 'cm[H2O]': 'cmH2O', '1': '' };

const annotationOf = ({ condition: id, vital: of, priority, decided_at, ended_at }: StoredAlarm): EdfAnnotation => ({
  atMs: decided_at.getTime(),
  lengthMs: ended_at && Math.max(0, ended_at.getTime() - decided_at.getTime()),
  text: `Alarm (${priority}): ${of ? `${vital(of).label.en} ` : ''}${condition(id).label.en}`,
});

/** First it is looked over, then its length is known, then come its bytes. */
export type RecordingStep = 'looking' | { readonly totalBytes: number } | Uint8Array;

/**
 * The file, step by step; only as fast as it is taken. Rejects with 404 when nothing is stored in the range, and with the
 * signal's reason. The patient is not named, and notes of people, which may name one, are left out.
 */
export async function* makeRecording(
  database: Queryable,
  asked: RecordingRequest,
  signal: AbortSignal,
): AsyncGenerator<RecordingStep, void> {
  const fromMs = Math.floor(asked.fromMs / SECOND) * SECOND;
  const request = { ...asked, fromMs };
  const { tracks, seconds } = yield* lookOver(database, request, signal);
  const [first] = [...seconds].sort((a, b) => a - b);
  if (first === undefined) throw notFound('no waveform is stored in this range');
  const startMs = fromMs + first * SECOND;
  const recordSeconds = recordSecondsFor(tracks);
  const records = [...new Set([...seconds].map((second) => Math.floor((second - first) / recordSeconds)))].sort(
    (a, b) => a - b,
  );
  const alarms = await listAnnounced(database, asked.bed, new Date(startMs), new Date(asked.toMs));
  const edf = createEdf({
    patient: 'X X X X',
    startMs,
    recordSeconds,
    records,
    signals: tracks.map((track) => ({
      label: LABELS[track.signal],
      dimension: DIMENSIONS[wave(track.signal).unit] ?? wave(track.signal).unit,
      low: track.low,
      high: track.high,
      samplesPerRecord: Math.ceil(track.rate * recordSeconds),
    })),
    annotations: alarms.map(annotationOf),
  });
  yield { totalBytes: edf.totalBytes };
  yield edf.header;
  const filling = createFilling(tracks, startMs, recordSeconds);
  let at = 0;
  for await (const { blocks, doneMs } of pagesOf(database, { ...request, fromMs: startMs }, signal)) {
    for (const block of blocks) filling.add(block);
    const ready: Buffer[] = [];
    for (let place = records[at]; place !== undefined; place = records[at]) {
      if (startMs + (place + 1) * recordSeconds * SECOND + SNAP_MS > doneMs) break;
      ready.push(edf.record(filling.take(place)));
      at += 1;
    }
    if (ready.length > 0) yield Buffer.concat(ready);
  }
}
