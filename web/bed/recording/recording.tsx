import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { z } from 'zod';
import { KnownAlarmPage } from '#contracts/http/alarms.ts';
import { Annotation } from '#contracts/http/annotations.ts';
import { WAVE_IDS, type WaveId, wave } from '#domain/waveforms.ts';
import { alarmText } from '../../parts/alarm-text.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { scaleFor } from '../../parts/waves/sweep.ts';
import { LEAST_SPAN } from '../../parts/waves/traces.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';
import { dayAndTime } from '../when.ts';
import { Closer } from './closer.tsx';
import { loadWaves } from './load.ts';
import { MINUTE_MS, Minute } from './minutes.tsx';
import { blocksWithin, rangeOfBlocks } from './strips.ts';

const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const PAGE_MINUTES = [5, 10, 30] as const;
const MOST_ALARMS = 300;

/** What was asked for stands in the second line, so that it is seen what came before. */
const pageAt = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;

/** Every stored waveform of any time, a minute a line; `at` in the address says where it is opened. */
export const RecordingView = (context: PageContext) => {
  const { bed, stationNow, playing, voice, router, server } = context;
  const text = bedText(voice.language);
  const wanted = Number(router.query.value.get('at') ?? Number.NaN);
  const atMs = Number.isFinite(wanted) && wanted > 0 ? wanted : undefined;
  const openedAtMs = useMemo(stationNow, [stationNow]);
  const minutes = useSignal<number>(10);
  const signal = useSignal<WaveId>(playing()[0] ?? 'ecg-ii');
  const share = useSignal(0);
  const fromMs = atMs === undefined ? pageAt(openedAtMs - (minutes.value - 2) * MINUTE_MS) : pageAt(atMs);
  const toMs = fromMs + minutes.value * MINUTE_MS;

  const go = (ms: number, close?: boolean): void =>
    router.go(
      { page: 'bed', bed },
      { view: 'recording', at: String(Math.round(ms)), ...(close ? { closer: '' } : {}) },
    );
  const turn = (pages: number): void => go(fromMs + MINUTE_MS + pages * minutes.value * MINUTE_MS, true);

  const { asked: waves, again } = useAsked(`${bed} ${signal.value} ${fromMs} ${toMs}`, (leaving) =>
    loadWaves(
      server,
      { bed, signals: [signal.value], fromMs, toMs },
      (done) => {
        share.value = done;
      },
      leaving,
    ),
  );
  const { asked: alarms } = useAsked(bed, (leaving) =>
    server.get(KnownAlarmPage, 'alarms', { bed, from: iso(openedAtMs - WEEK_MS), limit: MOST_ALARMS }, leaving),
  );
  const { asked: notes } = useAsked(`${bed} ${fromMs} ${toMs}`, (leaving) =>
    server.get(z.array(Annotation), bedPath(bed, 'annotations'), { from: iso(fromMs), to: iso(toMs) }, leaving),
  );
  const rows = alarms.value.value?.alarms ?? [];
  const { value: blocks = [], refusal, isLoading } = waves.value;
  const scale = useMemo(() => {
    const range = rangeOfBlocks(blocksWithin(blocks, fromMs, toMs));
    return range && scaleFor(range, LEAST_SPAN[signal.peek()]);
  }, [blocks, fromMs, toMs, signal]);
  const isCloser = atMs !== undefined && !router.query.value.has('closer');

  return (
    <div class="bed-recording">
      <div class="bed-buttons">
        <label>
          {text.signal}{' '}
          <select
            value={signal.value}
            onChange={({ currentTarget }) => {
              signal.value = WAVE_IDS.find((id) => id === currentTarget.value) ?? 'ecg-ii';
            }}
          >
            {WAVE_IDS.map((id) => (
              <option key={id} value={id}>
                {wave(id).label[voice.language]}
              </option>
            ))}
          </select>
        </label>
        <TimeField
          label={text.time}
          value={{ ms: atMs ?? fromMs + MINUTE_MS }}
          onValue={(value) => typeof value === 'object' && go(value.ms, true)}
          voice={voice}
        />
        <button type="button" onClick={() => turn(-1)}>
          {text.earlier}
        </button>
        <button type="button" disabled={toMs > openedAtMs} onClick={() => turn(1)}>
          {text.later}
        </button>
        <label>
          {text.pageLength}{' '}
          <select
            value={minutes.value}
            onChange={({ currentTarget }) => {
              minutes.value = Number(currentTarget.value);
            }}
          >
            {PAGE_MINUTES.map((each) => (
              <option key={each} value={each}>
                {text.minutes(voice.number(each, 0))}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.jumpTo}{' '}
          <select
            class="bed-jump"
            value=""
            onChange={({ currentTarget }) => {
              const alarm = rows.find(({ id }) => id === currentTarget.value);
              if (alarm) go(alarm.decidedAt);
            }}
          >
            <option value="">{text.chooseAlarm}</option>
            {rows.map((alarm) => (
              <option key={alarm.id} value={alarm.id}>
                {`${dayAndTime(alarm.decidedAt, voice)} ${alarmText(alarm, voice)} (${voice.text.priorities[alarm.priority]})`}
              </option>
            ))}
          </select>
        </label>
        <span role="status">{isLoading ? text.loadingRecording(voice.percent(share.value * 100)) : ''}</span>
      </div>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {isCloser && <Closer {...context} atMs={atMs} onMove={(ms) => go(ms)} onClose={() => go(atMs, true)} />}
      {!isLoading && scale === undefined && !refusal && <p class="bed-nothing">{text.noRecording}</p>}
      <p class="bed-help">{text.recordingHelp}</p>
      <ol class="bed-minutes">
        {Array.from({ length: minutes.value }, (_, place) => fromMs + place * MINUTE_MS).map((startMs) => (
          <Minute
            key={startMs}
            fromMs={startMs}
            id={signal.value}
            blocks={blocks}
            scale={scale}
            alarms={rows}
            notes={(notes.value.value ?? []).filter(({ retractedAt }) => retractedAt === null)}
            voice={voice}
            onLook={(ms) => go(ms)}
          />
        ))}
      </ol>
    </div>
  );
};
