import 'uplot/dist/uPlot.min.css';

import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { z } from 'zod';
import { KnownAlarmPage } from '#contracts/http/alarms.ts';
import { Annotation } from '#contracts/http/annotations.ts';
import { Trends } from '#contracts/http/trends.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';
import { dayAndMinute } from '../when.ts';
import { Lanes } from './lanes.tsx';
import { TrendRow } from './row.tsx';
import { gapsOf, rowsIn } from './rows.ts';
import { moveBy, type Sight, SPAN_NAMES, stretchOf, zoomBy, zoomTo } from './window.ts';

const MOST_ALARMS = 1_000;

/** About one point for two pixels, which is what a band needs. */
const pointsFor = (width: number): number => Math.round(Math.min(1_500, Math.max(150, width / 2)));

/** Vitals over hours and days, with what happened. */
export const TrendsView = ({ bed, now, stationNow, voice, router, server }: PageContext) => {
  const text = bedText(voice.language);
  const sight = useSignal<Sight>({ span: '1h', stretch: undefined });
  // The last time that was known: without a link, what is stored can be looked at all the same.
  const lastMs = useRef(stationNow());
  const nowMs = useComputed(() => {
    lastMs.current = now.value.nowMs ?? lastMs.current;
    return lastMs.current;
  });
  const isLive = useComputed(() => now.value.nowMs !== undefined);
  const stretch = useComputed(() => JSON.stringify(stretchOf(sight.value, nowMs.value)));
  const seen = useMemo(() => JSON.parse(stretch.value) as ReturnType<typeof stretchOf>, [stretch.value]);
  const range = { from: iso(seen.fromMs), to: iso(seen.toMs) };

  const { asked: trends, again } = useAsked(`${bed} ${stretch.value}`, (signal) =>
    server.get(
      Trends,
      bedPath(bed, 'trends'),
      { ...range, points: pointsFor(innerWidth), vitals: VITAL_IDS.join(',') },
      signal,
    ),
  );
  const { asked: alarms } = useAsked(`${bed} ${stretch.value}`, (signal) =>
    server.get(KnownAlarmPage, 'alarms', { bed, ...range, limit: MOST_ALARMS }, signal),
  );
  const { asked: notes } = useAsked(`${bed} ${stretch.value}`, (signal) =>
    server.get(z.array(Annotation), bedPath(bed, 'annotations'), range, signal),
  );

  const change = (next: (held: Sight, at: number) => Sight): void => {
    sight.value = next(sight.peek(), nowMs.peek());
  };
  const toPresent = (): void => change(({ span }) => ({ span, stretch: undefined }));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => change((held, at) => moveBy(held, -0.25, at)),
    ArrowRight: () => change((held, at) => moveBy(held, 0.25, at)),
    '+': () => change((held, at) => zoomBy(held, 2, at)),
    '=': () => change((held, at) => zoomBy(held, 2, at)),
    '-': () => change((held, at) => zoomBy(held, 0.5, at)),
    Home: toPresent,
  };

  const { value, refusal, isLoading } = trends.value;
  const rows = useMemo(() => (value ? rowsIn(value) : []), [value]);
  const gaps = useMemo(() => (value ? gapsOf(value, seen, nowMs.peek()) : []), [value, seen, nowMs]);
  return (
    <section
      class="bed-trends"
      aria-label={text.trendsLabel}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move along time
      tabIndex={0}
      onKeyDown={(event) => {
        const act = event.target === event.currentTarget ? keys[event.key] : undefined;
        if (!act) return;
        act();
        event.preventDefault();
        // Arrows choose alarms elsewhere.
        event.stopPropagation();
      }}
    >
      <div class="bed-buttons">
        {SPAN_NAMES.map((span) => (
          <button
            key={span}
            type="button"
            aria-pressed={sight.value.span === span && !sight.value.stretch}
            onClick={() => change(() => ({ span, stretch: undefined }))}
          >
            {text.spans[span]}
          </button>
        ))}
        <button type="button" onClick={keys.ArrowLeft}>
          {text.earlier}
        </button>
        <button type="button" disabled={!sight.value.stretch} onClick={keys.ArrowRight}>
          {text.later}
        </button>
        <button type="button" onClick={keys['+']}>
          {text.zoomIn}
        </button>
        <button type="button" onClick={keys['-']}>
          {text.zoomOut}
        </button>
        {sight.value.stretch ? (
          <button type="button" onClick={toPresent}>
            {text.toPresent}
          </button>
        ) : (
          isLive.value && <span class="bed-edge">{text.atLiveEdge}</span>
        )}
        <span>
          {dayAndMinute(seen.fromMs, voice)} – {dayAndMinute(seen.toMs, voice)}
        </span>
        <span role="status">{isLoading && !value ? partsText(voice.language).loading : ''}</span>
      </div>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {value && (
        <Lanes
          stretch={seen}
          alarms={alarms.value.value?.alarms ?? []}
          gaps={gaps}
          notes={(notes.value.value ?? []).filter(({ retractedAt }) => retractedAt === null)}
          voice={voice}
          onJump={(ms) => router.go({ page: 'bed', bed }, { view: 'recording', at: String(ms) })}
        />
      )}
      {value && rows.length === 0 && <p class="bed-nothing">{text.noTrends}</p>}
      {value &&
        rows.map((row, place) => (
          <TrendRow
            key={row.key}
            row={row}
            trends={value}
            stretch={seen}
            hasTimes={place === rows.length - 1}
            voice={voice}
            onZoom={(next) => change((held, at) => zoomTo(held, next, at))}
            onReset={toPresent}
          />
        ))}
      {value && (
        <p class="bed-help">
          {value.resolution === 'raw' ? text.resolutionRaw : text.resolutionMinutes};{' '}
          {text.bands(voice.age(Math.max(1_000, value.bucketMs)))}. {text.trendsHelp}
        </p>
      )}
    </section>
  );
};
