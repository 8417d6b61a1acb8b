import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Board } from '../wall/board.ts';
import type { Pager } from '../wall/pager.ts';
import { type AlarmActions, type Answer, worstAnswer } from './alarms/actions.ts';
import { hold, isWalkKey, type Selection, type Walkable, type WalkKey, walk } from './alarms/selection.ts';
import { toggleFullScreen } from './full-screen.ts';
import type { Settings } from './settings.ts';
import type { Phrase } from './text/en.ts';
import { nextLanguage } from './text/language.ts';

/** What is said to the person who pressed something. */
export type Notice = { readonly tone: 'done' | 'fault'; readonly text: Phrase };

type Chosen = NonNullable<Selection>;

const fault = (text: Phrase): Notice => ({ tone: 'fault', text });

const NOTICE_MS = 8_000;

/** A choice that nobody acted on is let go: hours later, a key would answer what the one who pressed it has not read. */
const CHOICE_MS = 60_000;

/** The list of all alarms takes room from the beds: one that nobody uses is put away. */
const LIST_MS = 60_000;

/** In a list there is nothing beside a line. */
const IN_LIST: Readonly<Record<WalkKey, WalkKey>> = {
  ArrowLeft: 'ArrowLeft',
  ArrowRight: 'ArrowRight',
  ArrowUp: 'ArrowLeft',
  ArrowDown: 'ArrowRight',
  Escape: 'Escape',
};

const FAULTS: Readonly<Record<Exclude<Answer, 'done'>, Phrase>> = {
  gone: 'actionGone',
  forbidden: 'actionForbidden',
  refused: 'actionRefused',
  failed: 'actionFailed',
};

type Deps = {
  readonly board: Board;
  readonly isOperator: ReadonlySignal<boolean>;
  readonly actions: AlarmActions;
  readonly toggleSound: () => void;
  /** The screen is kept from going dark. */
  readonly isAwake: ReadonlySignal<boolean>;
  readonly pager: Pager;
  readonly settings: Pick<Settings, 'toggleInitials' | 'turnNight' | 'setLanguage' | 'language'>;
};

export type Controls = ReturnType<typeof createControls>;

/** Keys, touches and clicks, and what they do. Nothing is done to an alarm or bed that was not chosen first. */
export const createControls = ({ board, isOperator, actions, toggleSound, isAwake, pager, settings }: Deps) => {
  const chosen = signal<Selection>(null);
  const notice = signal<Notice | undefined>(undefined);
  const isHelpOpen = signal(false);
  const isListOpen = signal(false);
  let noticeTimer: ReturnType<typeof setTimeout> | undefined;
  let choiceTimer: ReturnType<typeof setTimeout> | undefined;
  let listTimer: ReturnType<typeof setTimeout> | undefined;

  const walkable = (): Walkable => {
    const beds = board.beds.value.map(({ id }) => id);
    const { items, lines } = board.banner.value;
    return { alarms: isListOpen.value ? items : lines, beds, columns: pager.grid.value.columns };
  };

  /** As it still stands. */
  const selection = computed(() => (isOperator.value ? hold(chosen.value, walkable()) : null));

  const openList = (isOpen: boolean): void => {
    isListOpen.value = isOpen;
    clearTimeout(listTimer);
    if (isOpen) listTimer = setTimeout(() => openList(false), LIST_MS);
  };

  const choose = (next: Selection): void => {
    chosen.value = next;
    if (isListOpen.peek()) openList(true);
    if (next) pager.show(bedOf(next));
    clearTimeout(choiceTimer);
    choiceTimer = setTimeout(() => {
      chosen.value = null;
    }, CHOICE_MS);
  };

  const say = (next: Notice): void => {
    notice.value = next;
    clearTimeout(noticeTimer);
    noticeTimer = setTimeout(() => {
      notice.value = undefined;
    }, NOTICE_MS);
  };

  const ask = async (requests: readonly Promise<Answer>[], done: Phrase): Promise<Notice> => {
    const answer = worstAnswer(await Promise.all(requests));
    return answer === 'done' ? { tone: 'done', text: done } : fault(FAULTS[answer]);
  };

  /** The alarms that the selection means: one, or all of a bed. */
  const meant = (selected: Chosen) =>
    board.banner
      .peek()
      .items.filter(({ id, bed }) => (selected.kind === 'alarm' ? id === selected.id : bed === selected.id));

  const bedOf = (selected: Chosen): string | null => (selected.kind === 'alarm' ? selected.bed : selected.id);

  const acknowledge = async (selected: Chosen): Promise<Notice> => {
    const open = meant(selected).filter(({ tone }) => tone !== 'acknowledged');
    if (open.length === 0) return fault('nothingToAcknowledge');
    return ask(
      open.map(({ id }) => actions.acknowledge(id)),
      'doneAcknowledged',
    );
  };

  const pauseAudio = async (selected: Chosen): Promise<Notice> => {
    const bed = bedOf(selected);
    return bed === null ? fault('notForStation') : ask([actions.pauseAudio(bed)], 'donePaused');
  };

  const reset = async (selected: Chosen): Promise<Notice> => {
    const bed = bedOf(selected);
    const over = board.banner.peek().items.filter((item) => item.bed === bed && item.tone === 'over');
    if (over.length === 0) return fault('nothingToReset');
    return ask(bed === null ? over.map(({ id }) => actions.resetAlarm(id)) : [actions.resetBed(bed)], 'doneReset');
  };

  const withSelection = (act: (selected: Chosen) => Promise<Notice>) => async (): Promise<void> => {
    if (!isOperator.peek()) return;
    const selected = selection.peek();
    say(selected ? await act(selected) : fault('chooseAlarm'));
  };

  const verbs = {
    acknowledge: withSelection(acknowledge),
    pauseAudio: withSelection(pauseAudio),
    reset: withSelection(reset),
  };

  const toggleHelp = (): void => {
    isHelpOpen.value = !isHelpOpen.peek();
  };

  const toggleList = (): void => openList(!isListOpen.peek());

  /** What lies over the page is put away first. */
  const putAway = (): boolean => {
    if (isHelpOpen.peek()) isHelpOpen.value = false;
    else if (isListOpen.peek()) openList(false);
    else return false;
    return true;
  };

  const keys: Readonly<Record<string, () => void>> = {
    a: verbs.acknowledge,
    p: verbs.pauseAudio,
    r: verbs.reset,
    s: toggleSound,
    f: toggleFullScreen,
    n: settings.turnNight,
    i: settings.toggleInitials,
    l: () => settings.setLanguage(nextLanguage(settings.language.peek())),
    h: pager.toggleHold,
    pagedown: () => pager.turn(1),
    pageup: () => pager.turn(-1),
    m: toggleList,
    '?': toggleHelp,
  };

  return {
    ...verbs,
    isOperator,
    selection,
    notice,
    pager,
    isHelpOpen,
    isListOpen,
    isAwake,
    toggleHelp,
    toggleList,
    toggleSound,
    /** Turns the pages of the wall when it is time. Call often. */
    tick(): void {
      pager.tick(selection.peek() !== null);
    },
    /** The same again lets go of it. */
    select(next: Chosen): void {
      const held = selection.peek();
      choose(held?.kind === next.kind && held.id === next.id ? null : next);
    },
    /** True when the key means something here. */
    press(key: string): boolean {
      if (key === 'Escape' && putAway()) return true;
      if (isWalkKey(key)) {
        if (!isOperator.peek()) return false;
        choose(walk(selection.peek(), isListOpen.peek() ? IN_LIST[key] : key, walkable()));
        return true;
      }
      const act = keys[key.toLowerCase()];
      act?.();
      return act !== undefined;
    },
  };
};
