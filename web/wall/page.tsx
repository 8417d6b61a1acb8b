import { useSignalEffect } from '@preact/signals';
import { PriorityShape } from '../parts/symbols.tsx';
import { Link } from '../shell/link.tsx';
import type { PageProps } from '../shell/page.ts';
import type { Voice } from '../shell/text/language.ts';
import type { Pager } from './pager.ts';
import { Tile } from './tile.tsx';

/** The pages of a wall that has more beds than fit. Where an alarm of high priority waits, it says so. */
const Pages = ({ pager, voice }: { pager: Pager; voice: Voice }) => {
  const { text, number } = voice;
  const isHeld = pager.heldUntilMs.value > Number.NEGATIVE_INFINITY;
  return (
    <nav class="pages" aria-label={text.beds}>
      {pager.pages.value.map((beds, place) => (
        <button
          key={beds[0]?.id}
          type="button"
          class={place === pager.page.value ? 'page-tab here' : 'page-tab'}
          aria-current={place === pager.page.value ? 'page' : undefined}
          aria-label={[text.pageNumber(number(place + 1, 0)), pager.urgent.value.has(place) ? text.pageUrgent : '']
            .filter(Boolean)
            .join(', ')}
          onClick={() => pager.turnTo(place)}
        >
          {pager.urgent.value.has(place) && <PriorityShape priority="high" />}
          {[beds[0]?.head.value.label, beds.at(-1)?.head.value.label].join(' – ')}
        </button>
      ))}
      {pager.grid.value.rows > 0 && (
        <button type="button" class="page-hold" aria-pressed={isHeld} aria-keyshortcuts="h" onClick={pager.toggleHold}>
          {isHeld ? text.held : text.turnsByItself} <kbd>H</kbd>
        </button>
      )}
    </nav>
  );
};

/** A station that has just been set up has nothing to show, and says what is missing. */
const NoBeds = ({ wall, voice, router }: PageProps) => {
  const { text } = voice;
  if (wall.board.link.value.state !== 'live') return <main class="empty">{text.connectingTitle}</main>;
  return (
    <main class="empty">
      <div class="set-up">
        <h2>{wall.board.units.value.length === 0 ? text.noUnits : text.noBeds}</h2>
        <ol>
          {text.setUpSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <Link to={{ page: 'admin' }} router={router}>
          {text.pageAdmin}
        </Link>
      </div>
    </main>
  );
};

/** Every bed of the ward, on as many pages as it takes. */
export const WallPage = (props: PageProps) => {
  const { wall, controls, voice } = props;
  const { pager } = controls;
  useSignalEffect(() => {
    wall.setWaveBeds([...pager.beds.value, ...pager.nextBeds()].map(({ id }) => id));
  });
  if (wall.board.beds.value.length === 0) return <NoBeds {...props} />;
  const { columns, rows } = pager.grid.value;
  return (
    <>
      <main class={rows === 0 ? 'grid scrolling' : 'grid'} style={{ '--columns': columns, '--rows': rows }}>
        {pager.beds.value.map((bed) => (
          <Tile key={bed.id} bed={bed} painter={wall.painter} controls={controls} text={voice.text} />
        ))}
      </main>
      {pager.pages.value.length > 1 && <Pages pager={pager} voice={voice} />}
    </>
  );
};
