import type { FunctionComponent } from 'preact';
import type { PageContext } from './context.ts';
import { ExportView } from './export/export.tsx';
import { LimitsView } from './limits/limits.tsx';
import { NotesView } from './notes/notes.tsx';
import { RecordingView } from './recording/recording.tsx';
import { bedText } from './text/language.ts';
import { TrendsView } from './trends/trends.tsx';

const VIEWS = {
  trends: TrendsView,
  recording: RecordingView,
  limits: LimitsView,
  notes: NotesView,
  export: ExportView,
} as const satisfies Record<string, FunctionComponent<PageContext>>;

type ViewName = keyof typeof VIEWS;

const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

const isView = (name: string | null): name is ViewName => VIEW_NAMES.some((each) => each === name);

/** Which part is open stands in the address, so that it can be sent to somebody. */
export const Tabs = (context: PageContext) => {
  const { voice, router, bed } = context;
  const text = bedText(voice.language);
  const wanted = router.query.value.get('view');
  const open = isView(wanted) ? wanted : 'trends';
  const View = VIEWS[open];
  return (
    <section class="bed-views">
      <nav class="bed-tabs" aria-label={text.viewsLabel}>
        {VIEW_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            class="bed-tab"
            aria-pressed={name === open}
            onClick={() => router.go({ page: 'bed', bed }, { view: name })}
          >
            {text.views[name]}
          </button>
        ))}
      </nav>
      <View {...context} />
    </section>
  );
};
