import './export.css';

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { into } from '../../parts/form.tsx';
import { Refused } from '../../parts/refused.tsx';
import { TimeField, type TimeValue } from '../../parts/time-field.tsx';
import type { Refusal } from '../../shell/refusal.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';
import { keepFile, type Progress, type Received, receive, shareOfCsv } from './receive.ts';

const HOUR_MS = 3_600_000;
const EDF_HOURS = 24;

const KINDS = {
  csv: { file: 'readings.csv', title: 'exportCsv', help: 'exportCsvHelp' },
  edf: { file: 'recording.edf', title: 'exportEdf', help: 'exportEdfHelp' },
} as const;

type Kind = keyof typeof KINDS;

type Work =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly kind: Kind; readonly progress: Progress | undefined }
  | { readonly state: 'done'; readonly name: string; readonly bytes: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'broken' }
  | { readonly state: 'nothing' }
  | { readonly state: 'refused'; readonly refusal: Refusal };

const REASONS: Readonly<Record<number, Refusal['reason']>> = { 401: 'signed-out', 403: 'forbidden', 503: 'busy' };

const sizeText = (bytes: number, voice: Voice): string =>
  bedText(voice.language).megabytes(voice.number(bytes / 1e6, bytes < 1e7 ? 2 : 0));

/** The outcome. A 404 means that nothing is stored, because the bed is there. */
const outcomeOf = (received: Exclude<Received, { state: 'whole' }>): Work => {
  if (received.state === 'broken') return { state: 'broken' };
  if (received.status === 404) return { state: 'nothing' };
  const reason = REASONS[received.status] ?? 'unreachable';
  return { state: 'refused', refusal: { isOk: false, reason, detail: '', faults: [] } };
};

/** `icu-01 2026-11-22T1000Z.edf` */
const nameOf = (bed: string, kind: Kind, fromMs: number): string =>
  `${bed}-${iso(fromMs).slice(0, 16).replace(':', '')}Z.${kind}`;

type Span = { readonly fromMs: number; readonly toMs: number };

/** One export at a time: what comes, and what became of it. */
const useExport = (bed: string) => {
  const work = useSignal<Work>({ state: 'none' });
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  return {
    work,
    async begin(kind: Kind, { fromMs, toMs }: Span): Promise<void> {
      const mine = new AbortController();
      leaving.current = mine;
      work.value = { state: 'running', kind, progress: undefined };
      const query = new URLSearchParams({ from: iso(fromMs), to: iso(toMs) });
      const decoder = new TextDecoder();
      const shareOf = (latest: Uint8Array) => shareOfCsv(decoder.decode(latest.slice(-400)), fromMs, toMs);
      const onProgress = (progress: Progress): void => {
        if (!mine.signal.aborted) work.value = { state: 'running', kind, progress };
      };
      const manner = kind === 'csv' ? { onProgress, shareOf } : { onProgress };
      const received = await receive(bedPath(bed, `${KINDS[kind].file}?${query}`), manner, mine.signal);
      if (mine.signal.aborted) return;
      if (received.state !== 'whole') {
        work.value = outcomeOf(received);
        return;
      }
      const name = nameOf(bed, kind, fromMs);
      keepFile(received.file, name);
      work.value = { state: 'done', name, bytes: received.file.size };
    },
    cancel(): void {
      leaving.current?.abort();
      work.value = { state: 'cancelled' };
    },
  };
};

const msIn = (value: TimeValue): number | undefined => (typeof value === 'object' ? value.ms : undefined);

/** Numbers and waveforms of a stretch of time as files. */
export const ExportView = ({ bed, stationNow, voice }: PageContext) => {
  const text = bedText(voice.language);
  const openedAtMs = useMemo(stationNow, [stationNow]);
  const from = useSignal<TimeValue>({ ms: openedAtMs - HOUR_MS });
  const to = useSignal<TimeValue>({ ms: openedAtMs });
  const { work, begin, cancel } = useExport(bed);
  const [fromMs, toMs] = [msIn(from.value), msIn(to.value)];
  const span = fromMs !== undefined && toMs !== undefined && fromMs < toMs ? { fromMs, toMs } : undefined;
  const isTooLong = span !== undefined && span.toMs - span.fromMs > EDF_HOURS * HOUR_MS;
  const isRunning = work.value.state === 'running';
  return (
    <div class="bed-export">
      <h3>{text.exportTitle}</h3>
      <div class="parts-buttons">
        <TimeField label={text.exportFrom} value={from.value} onValue={into(from)} voice={voice} />
        <TimeField label={text.exportTo} value={to.value} onValue={into(to)} voice={voice} />
        <span role="alert">{!span ? text.exportOrder : isTooLong ? text.exportTooLong : ''}</span>
      </div>
      {(Object.keys(KINDS) as Kind[]).map((kind) => (
        <div key={kind} class="parts-buttons">
          <button
            type="button"
            disabled={!span || isRunning || (kind === 'edf' && isTooLong)}
            onClick={() => span && void begin(kind, span)}
          >
            {text[KINDS[kind].title]}
          </button>
          <span class="parts-dim">{text[KINDS[kind].help]}</span>
        </div>
      ))}
      <Outcome work={work.value} voice={voice} onCancel={cancel} />
    </div>
  );
};

const runningText = (progress: Progress | undefined, voice: Voice): string => {
  const text = bedText(voice.language);
  if (!progress) return text.exportPreparing;
  const size = sizeText(progress.bytes, voice);
  return progress.share === undefined
    ? text.exporting(size)
    : text.exportingShare(voice.percent(progress.share * 100), size);
};

const wordsOf = (work: Work, voice: Voice): string => {
  const text = bedText(voice.language);
  if (work.state === 'running') return runningText(work.progress, voice);
  if (work.state === 'done') return text.exported(work.name, sizeText(work.bytes, voice));
  if (work.state === 'cancelled') return text.exportCancelled;
  if (work.state === 'broken') return text.exportBroken;
  return work.state === 'nothing' ? text.exportNothing : '';
};

const Outcome = ({ work, voice, onCancel }: { work: Work; voice: Voice; onCancel: () => void }) => {
  const text = bedText(voice.language);
  const share = work.state === 'running' ? work.progress?.share : undefined;
  return (
    <>
      <div class="parts-buttons">
        {work.state === 'running' && (
          <>
            {share === undefined ? (
              <progress aria-label={text.exportTitle} />
            ) : (
              <progress max={1} value={share} aria-label={text.exportTitle} />
            )}
            <button type="button" onClick={onCancel}>
              {text.cancel}
            </button>
          </>
        )}
        <span role="status">{wordsOf(work, voice)}</span>
      </div>
      <Refused refusal={work.state === 'refused' ? work.refusal : undefined} voice={voice} />
    </>
  );
};
