import { type ReadonlySignal, signal } from '@preact/signals';
import type { Board } from '../wall/board.ts';
import type { Pager } from '../wall/pager.ts';
import type { AlarmActions } from './alarms/actions.ts';
import { isWalkKey } from './alarms/selection.ts';
import { type Chosen, createVerbs, type Notice } from './alarms/verbs.ts';
import { createChoice } from './choice.ts';
import type { PageClock } from './clock.ts';
import { toggleFullScreen } from './full-screen.ts';
import { createLapsing } from './lapsing.ts';
import type { Settings } from './settings.ts';
import { nextLanguage } from './text/language.ts';

const NOTICE_MS = 8_000;

type Deps = {
  readonly board: Board;
  readonly isOperator: ReadonlySignal<boolean>;
  readonly actions: AlarmActions;
  readonly toggleSound: () => void;
  /** The screen is kept from going dark. */
  readonly isAwake: ReadonlySignal<boolean>;
  readonly pager: Pager;
  readonly settings: Pick<Settings, 'toggleInitials' | 'turnNight' | 'setLanguage' | 'language'>;
  readonly clock: Pick<PageClock, 'after'>;
};

type Acts = Readonly<Record<'acknowledge' | 'pauseAudio' | 'reset' | 'toggleList' | 'toggleHelp', () => void>>;

const keysOf = (acts: Acts, { toggleSound, settings, pager }: Deps): Readonly<Record<string, () => void>> => ({
  a: acts.acknowledge,
  p: acts.pauseAudio,
  r: acts.reset,
  s: toggleSound,
  f: toggleFullScreen,
  n: settings.turnNight,
  i: settings.toggleInitials,
  l: () => settings.setLanguage(nextLanguage(settings.language.peek())),
  h: pager.toggleHold,
  pagedown: () => pager.turn(1),
  pageup: () => pager.turn(-1),
  m: acts.toggleList,
  '?': acts.toggleHelp,
});

export type Controls = ReturnType<typeof createControls>;

/** Keys, touches and clicks, and what they do. Nothing is done to an alarm or bed that was not chosen first. */
export const createControls = (deps: Deps) => {
  const { board, isOperator, actions, toggleSound, isAwake, pager, clock } = deps;
  const choice = createChoice(deps);
  const { selection, isListOpen, select } = choice;
  const notice = createLapsing<Notice | undefined>(undefined, NOTICE_MS, clock);
  const isHelpOpen = signal(false);
  const verbs = createVerbs({ banner: board.banner, actions });

  const withSelection = (act: (chosen: Chosen) => Promise<Notice>) => async (): Promise<void> => {
    if (!isOperator.peek()) return;
    const chosen = selection.peek();
    notice.set(chosen ? await act(chosen) : { tone: 'fault', text: 'chooseAlarm' });
  };

  const acts = {
    acknowledge: withSelection(verbs.acknowledge),
    pauseAudio: withSelection(verbs.pauseAudio),
    reset: withSelection(verbs.reset),
    toggleHelp(): void {
      isHelpOpen.value = !isHelpOpen.peek();
    },
    toggleList: (): void => choice.openList(!isListOpen.peek()),
  };
  const keys = keysOf(acts, deps);

  /** What lies over the page is put away first. */
  const putAway = (): boolean => {
    if (isHelpOpen.peek()) isHelpOpen.value = false;
    else if (isListOpen.peek()) choice.openList(false);
    else return false;
    return true;
  };

  return {
    ...acts,
    ...{ isOperator, selection, select, notice: notice.value, pager, isHelpOpen, isListOpen, isAwake, toggleSound },
    /** Turns the pages of the wall when it is time. Call often. */
    tick: (): void => pager.tick(selection.peek() !== null),
    /** True when the key means something here. */
    press(key: string): boolean {
      if (key === 'Escape' && putAway()) return true;
      if (isWalkKey(key)) {
        if (isOperator.peek()) choice.walk(key);
        return isOperator.peek();
      }
      const act = keys[key.toLowerCase()];
      act?.();
      return act !== undefined;
    },
  };
};
