import 'uplot/dist/uPlot.min.css';
import './trends.css';

import { useMemo } from 'preact/hooks';
import { z } from 'zod';
import { type KnownAlarm, KnownAlarmPage } from '#contracts/http/alarms.ts';
import { Annotation } from '#contracts/http/annotations.ts';
import { Trends } from '#contracts/http/trends.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import type { Voice } from '../../shell/text/language.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';
import { SightButtons } from './buttons.tsx';
import { Lanes } from './lanes.tsx';
import { TrendRow } from './row.tsx';
import { gapsOf, rowsIn } from './rows.ts';
import { type SightNow, useSight } from './sight.ts';
import { zoomTo } from './window.ts';

const MOST_ALARMS = 1_000;

/** About one point for two pixels, which is what a band needs. */
const pointsFor = (width: number): number => Math.round(Math.min(1_500, Math.max(150, width / 2)));

/** What the station has of this stretch of time. */
const useHistory = ({ bed, server }: PageContext, { seen }: SightNow) => {
  const range = { from: iso(seen.fromMs), to: iso(seen.toMs) };
  const key = `${bed} ${seen.fromMs} ${seen.toMs}`;
  const points = { points: pointsFor(innerWidth), vitals: VITAL_IDS.join(',') };
  const { asked: trends, again } = useAsked(key, (signal) =>
    server.get(Trends, bedPath(bed, 'trends'), { ...range, ...points }, signal),
  );
  const { asked: alarms } = useAsked(key, (signal) =>
    server.get(KnownAlarmPage, 'alarms', { bed, ...range, limit: MOST_ALARMS }, signal),
  );
  const { asked: notes } = useAsked(key, (signal) =>
    server.get(z.array(Annotation), bedPath(bed, 'annotations'), range, signal),
  );
  return {
    ...{ trends: trends.value, again },
    alarms: alarms.value.value?.alarms ?? [],
    notes: (notes.value.value ?? []).filter(({ retractedAt }) => retractedAt === null),
  };
};

const keysOf = ({ earlier, later, zoomIn, zoomOut, toPresent }: SightNow): Readonly<Record<string, () => void>> => ({
  ArrowLeft: earlier,
  ArrowRight: later,
  '+': zoomIn,
  '=': zoomIn,
  '-': zoomOut,
  Home: toPresent,
});

/** Vitals over hours and days, with what happened. */
export const TrendsView = (context: PageContext) => {
  const { bed, voice, router } = context;
  const text = bedText(voice.language);
  const sight = useSight(context);
  const { trends, again, alarms, notes } = useHistory(context, sight);
  const { value, refusal, isLoading } = trends;
  const keys = keysOf(sight);
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
      <SightButtons sight={sight} isLoading={isLoading && !value} voice={voice} />
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {value && (
        <Curves
          {...{ value, sight, alarms, notes, voice }}
          onJump={(ms) => router.go({ page: 'bed', bed }, { view: 'recording', at: String(ms) })}
        />
      )}
    </section>
  );
};

type CurvesProps = {
  readonly value: Trends;
  readonly sight: SightNow;
  readonly alarms: readonly KnownAlarm[];
  readonly notes: readonly Annotation[];
  readonly voice: Voice;
  readonly onJump: (ms: number) => void;
};

const Curves = ({ value, sight, alarms, notes, voice, onJump }: CurvesProps) => {
  const text = bedText(voice.language);
  const { seen, nowMs, change, toPresent } = sight;
  const rows = useMemo(() => rowsIn(value), [value]);
  const gaps = useMemo(() => gapsOf(value, seen, nowMs.peek()), [value, seen, nowMs]);
  return (
    <>
      <Lanes stretch={seen} {...{ alarms, gaps, notes, voice, onJump }} />
      {rows.length === 0 && <p class="parts-dim bed-nothing">{text.noTrends}</p>}
      {rows.map((row, place) => (
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
      <p class="parts-dim">
        {value.resolution === 'raw' ? text.resolutionRaw : text.resolutionMinutes};{' '}
        {text.bands(voice.age(Math.max(1_000, value.bucketMs)))}. {text.trendsHelp}
      </p>
    </>
  );
};
