import type { FunctionComponent } from 'preact';
import type { WaveId } from '#domain/waveforms.ts';
import type { PageProps } from '../shell/page.ts';
import { ExportView } from './export/view.tsx';
import { LimitsView } from './limits/view.tsx';
import type { Millimetres } from './millimetres.ts';
import { NotesView } from './notes/view.tsx';
import type { BedNow } from './now.ts';
import { RecordingView } from './recording/view.tsx';
import { bedText } from './text/language.ts';
import { TrendsView } from './trends/view.tsx';

/** What every part below the live one is given. */
export type Looking = Pick<PageProps, 'voice' | 'router' | 'server'> & {
  readonly bed: string;
  readonly now: BedNow;
  readonly millimetres: Millimetres;
  readonly isOperator: boolean;
  /** As this screen names people. */
  readonly patientName: string;
  /** What comes from the bed now, the first in the catalogue first. */
  readonly playing: () => readonly WaveId[];
};

const VIEWS = {
  trends: TrendsView,
  recording: RecordingView,
  limits: LimitsView,
  notes: NotesView,
  export: ExportView,
} as const satisfies Record<string, FunctionComponent<Looking>>;

type ViewName = keyof typeof VIEWS;

const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

const isView = (name: string | null): name is ViewName => VIEW_NAMES.some((each) => each === name);

/** Which part is open stands in the address, so that it can be sent to somebody. */
export const Views = (looking: Looking) => {
  const { voice, router, bed } = looking;
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
      <View {...looking} />
    </section>
  );
};
