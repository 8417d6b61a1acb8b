import './recording.css';

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { z } from 'zod';
import { KnownAlarmPage } from '#contracts/http/alarms.ts';
import { Annotation } from '#contracts/http/annotations.ts';
import { useAsked } from '../../parts/asked.ts';
import { into } from '../../parts/form.tsx';
import { Refused } from '../../parts/refused.tsx';
import { scaleFor } from '../../parts/waves/sweep.ts';
import { LEAST_SPAN } from '../../parts/waves/traces.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';
import { Choice } from './choice.tsx';
import { Closer } from './closer.tsx';
import { loadWaves } from './load.ts';
import { MINUTE_MS, Minute } from './minutes.tsx';
import { type Page, usePage } from './page.ts';
import { blocksWithin, rangeOfBlocks } from './strips.ts';

const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const MOST_ALARMS = 300;

/** What the station has of these minutes. */
const useRecord = ({ bed, server }: PageContext, { fromMs, toMs, openedAtMs, signal }: Page) => {
  const share = useSignal(0);
  const onProgress = into(share);
  const { asked: waves, again } = useAsked(`${bed} ${signal.value} ${fromMs} ${toMs}`, (leaving) =>
    loadWaves(server, { bed, signals: [signal.value], fromMs, toMs }, onProgress, leaving),
  );
  const { asked: alarms } = useAsked(bed, (leaving) =>
    server.get(KnownAlarmPage, 'alarms', { bed, from: iso(openedAtMs - WEEK_MS), limit: MOST_ALARMS }, leaving),
  );
  const { asked: notes } = useAsked(`${bed} ${fromMs} ${toMs}`, (leaving) =>
    server.get(z.array(Annotation), bedPath(bed, 'annotations'), { from: iso(fromMs), to: iso(toMs) }, leaving),
  );
  const { value: blocks = [], refusal, isLoading } = waves.value;
  const scale = useMemo(() => {
    const range = rangeOfBlocks(blocksWithin(blocks, fromMs, toMs));
    return range && scaleFor(range, LEAST_SPAN[signal.peek()]);
  }, [blocks, fromMs, toMs, signal]);
  return {
    ...{ blocks, scale, refusal, isLoading, again, share },
    alarms: alarms.value.value?.alarms ?? [],
    notes: (notes.value.value ?? []).filter(({ retractedAt }) => retractedAt === null),
  };
};

/** Every stored waveform of any time, a minute a line; `at` in the address says where it is opened. */
export const RecordingView = (context: PageContext) => {
  const { router, voice } = context;
  const text = bedText(voice.language);
  const page = usePage(context);
  const { atMs, fromMs, minutes, signal, go } = page;
  const record = useRecord(context, page);
  const { blocks, scale, refusal, isLoading, again, share, alarms, notes } = record;
  const isCloser = atMs !== undefined && !router.query.value.has('closer');
  return (
    <div class="bed-recording">
      <div class="parts-buttons">
        <Choice page={page} alarms={alarms} voice={voice} />
        <span role="status">{isLoading ? text.loadingRecording(voice.percent(share.value * 100)) : ''}</span>
      </div>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {isCloser && <Closer {...context} atMs={atMs} onMove={(ms) => go(ms)} onClose={() => go(atMs, true)} />}
      {!isLoading && scale === undefined && !refusal && <p class="parts-dim bed-nothing">{text.noRecording}</p>}
      <p class="parts-dim">{text.recordingHelp}</p>
      <ol class="bed-minutes">
        {Array.from({ length: minutes.value }, (_, place) => fromMs + place * MINUTE_MS).map((startMs) => (
          <Minute
            key={startMs}
            fromMs={startMs}
            id={signal.value}
            onLook={(ms) => go(ms)}
            {...{ blocks, scale, alarms, notes, voice }}
          />
        ))}
      </ol>
    </div>
  );
};
