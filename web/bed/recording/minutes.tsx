import type { KnownAlarm } from '#contracts/http/alarms.ts';
import type { Annotation } from '#contracts/http/annotations.ts';
import type { WaveBlock } from '#contracts/http/waves.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import { type WaveId, wave } from '#domain/waveforms.ts';
import { alarmText } from '../../parts/alarm-text.ts';
import { PriorityShape } from '../../parts/symbols.tsx';
import type { Scale } from '../../parts/waves/sweep.ts';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { useStrip } from './draw.ts';

export const MINUTE_MS = 60_000;

type Props = {
  readonly id: WaveId;
  readonly blocks: readonly WaveBlock[];
  readonly scale: Scale | undefined;
  readonly alarms: readonly KnownAlarm[];
  readonly notes: readonly Annotation[];
  readonly voice: Voice;
  readonly onLook: (ms: number) => void;
};

/** `priority` null: a note. */
type Mark = { readonly ms: number; readonly priority: Priority | null; words: string };

/** Alarms decided together are one mark: a lost sensor is lost for all that it measures. */
const TOGETHER_MS = 3_000;

const marksIn = (alarms: readonly KnownAlarm[], voice: Voice): readonly Mark[] => {
  const marks: Mark[] = [];
  for (const alarm of alarms.toSorted((a, b) => a.decidedAt - b.decidedAt)) {
    const last = marks.at(-1);
    const words = alarmText(alarm, voice);
    if (last && last.priority === alarm.priority && alarm.decidedAt - last.ms < TOGETHER_MS) {
      last.words += ` · ${words}`;
    } else marks.push({ ms: alarm.decidedAt, priority: alarm.priority, words });
  }
  return marks;
};

/** One minute of one signal; alarms stand where they were decided. */
export const Minute = ({ fromMs, id, blocks, scale, alarms, notes, voice, onLook }: Props & { fromMs: number }) => {
  const text = bedText(voice.language);
  const toMs = fromMs + MINUTE_MS;
  const canvas = useStrip({ id, blocks, fromMs, toMs, scale });
  const isWithin = (ms: number): boolean => ms >= fromMs && ms < toMs;
  const marks: readonly Mark[] = [
    ...marksIn(
      alarms.filter(({ decidedAt }) => isWithin(decidedAt)),
      voice,
    ),
    ...notes.filter(({ at }) => isWithin(at)).map(({ at, text: words }) => ({ ms: at, priority: null, words })),
  ];
  return (
    <li class="bed-minute">
      <time>{voice.minuteOfDay(fromMs)}</time>
      <button
        type="button"
        class="bed-minute-strip"
        aria-label={[text.recordingRow(dayAndTime(fromMs, voice)), ...marks.map(({ words }) => words)].join(', ')}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          // A key presses it without a place: then its beginning is meant.
          const share = event.detail === 0 ? 0 : (event.clientX - box.left) / box.width;
          onLook(fromMs + share * MINUTE_MS);
        }}
      >
        <canvas ref={canvas} />
        {marks.map(({ ms, priority, words }) => {
          const share = (ms - fromMs) / MINUTE_MS;
          return (
            <span
              key={`${ms} ${words}`}
              class={`bed-minute-mark ${share > 0.7 ? 'bed-minute-mark-left' : ''} ${priority ? '' : 'bed-minute-note'}`}
              style={share > 0.7 ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` }}
            >
              {priority && <PriorityShape priority={priority} />}
              {words}
            </span>
          );
        })}
        {scale === undefined && <span class="parts-dim bed-nothing">{wave(id).label[voice.language]}</span>}
      </button>
    </li>
  );
};
