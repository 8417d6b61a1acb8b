import type { ReadonlySignal } from '@preact/signals';
import type { BannerItem, BannerView } from '../banner/banner-view.ts';
import type { Phrase } from '../text/en.ts';
import { type AlarmActions, type Answer, worstAnswer } from './actions.ts';
import type { Selection } from './selection.ts';

/** What is announced to the person who pressed something. */
export type Notice = { readonly tone: 'done' | 'fault'; readonly text: Phrase };

export type Chosen = NonNullable<Selection>;

const fault = (text: Phrase): Notice => ({ tone: 'fault', text });

const FAULTS: Readonly<Record<Exclude<Answer, 'done'>, Phrase>> = {
  gone: 'actionGone',
  forbidden: 'actionForbidden',
  refused: 'actionRefused',
  failed: 'actionFailed',
};

export const bedOf = (chosen: Chosen): string | null => (chosen.kind === 'alarm' ? chosen.bed : chosen.id);

const ask = async (requests: readonly Promise<Answer>[], done: Phrase): Promise<Notice> => {
  const answer = worstAnswer(await Promise.all(requests));
  return answer === 'done' ? { tone: 'done', text: done } : fault(FAULTS[answer]);
};

type Deps = { readonly banner: ReadonlySignal<BannerView>; readonly actions: AlarmActions };

/** What an operator can do about the chosen alarm, or about all alarms of the chosen bed. Each verb ends in a notice. */
export const createVerbs = ({ banner, actions }: Deps) => {
  const meant = (chosen: Chosen): readonly BannerItem[] =>
    banner.peek().items.filter(({ id, bed }) => (chosen.kind === 'alarm' ? id === chosen.id : bed === chosen.id));

  return {
    async acknowledge(chosen: Chosen): Promise<Notice> {
      const open = meant(chosen).filter(({ tone }) => tone !== 'acknowledged');
      if (open.length === 0) return fault('nothingToAcknowledge');
      return ask(
        open.flatMap(({ id, twins }) => [id, ...twins]).map((id) => actions.acknowledge(id)),
        // Where a monitor tells it too, it goes on at the bedside.
        open.some(({ mark }) => mark !== '') ? 'doneAcknowledgedHere' : 'doneAcknowledged',
      );
    },

    async pauseAudio(chosen: Chosen): Promise<Notice> {
      const bed = bedOf(chosen);
      return bed === null ? fault('notForStation') : ask([actions.pauseAudio(bed)], 'donePaused');
    },

    async reset(chosen: Chosen): Promise<Notice> {
      const bed = bedOf(chosen);
      const over = banner.peek().items.filter((item) => item.bed === bed && item.tone === 'over');
      if (over.length === 0) return fault('nothingToReset');
      return ask(bed === null ? over.map(({ id }) => actions.resetAlarm(id)) : [actions.resetBed(bed)], 'doneReset');
    },
  };
};
