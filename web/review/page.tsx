import '../parts/controls.css';
import '../parts/parts.css';
import './review.css';

import type { ComponentType } from 'preact';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { PageProps } from '../shell/page.ts';
import { BurdenView } from './burden.tsx';
import { type PageContext, readPlaces } from './context.ts';
import { otherView, queryOf, VIEWS, type View, viewOf } from './filter.ts';
import { HistoryView } from './history.tsx';
import { MonitorsView } from './monitors.tsx';
import { SettingsView } from './settings.tsx';
import { reviewText } from './text/language.ts';
import { WhatIfView } from './what-if.tsx';

const PAGES: Readonly<Record<View, ComponentType<PageContext>>> = {
  history: HistoryView,
  monitors: MonitorsView,
  burden: BurdenView,
  'what-if': WhatIfView,
  settings: SettingsView,
};

const Views = ({ view, query, go, text }: PageContext & { view: View }) => (
  <nav class="parts-tabs" aria-label={text.title}>
    {VIEWS.map((name) => {
      const next = otherView(query, name);
      return (
        <a
          key={name}
          href={`/alarms?${new URLSearchParams(next)}`}
          aria-current={name === view ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            go(next);
          }}
        >
          {text.views[name]}
        </a>
      );
    })}
  </nav>
);

/** Alarms looked back at: which there were and why, how many, and how many there would be with other settings. */
export const ReviewPage = ({ wall, voice, router, server }: PageProps) => {
  const text = reviewText(voice.language);
  const { asked, again } = useAsked('places', (signal) => readPlaces(server, signal));
  const { value: places, refusal } = asked.value;
  const query = queryOf(router.query.value);
  const view = viewOf(query);
  const View = PAGES[view];
  const context = places && {
    server,
    voice,
    router,
    text,
    query,
    places,
    isOperator: wall.isOperator.value,
    go: (next: PageContext['query']) => router.go({ page: 'alarms' }, next),
    now: wall.closeUp.now,
  };
  return (
    <main class="page review">
      <h2 class="parts-title">{text.title}</h2>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {!context && !refusal && <p role="status">{partsText(voice.language).loading}</p>}
      {context && <Views view={view} {...context} />}
      {context && <View key={view} {...context} />}
    </main>
  );
};
