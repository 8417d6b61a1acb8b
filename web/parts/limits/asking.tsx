import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { WhatIf } from '#contracts/http/review.ts';
import type { Refusal } from '../../shell/refusal.ts';
import type { Voice } from '../../shell/text/language.ts';
import { Refused } from '../refused.tsx';
import { askWhatIf, type WhatIfQuestion } from '../what-if.ts';

type Work =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly share: number; readonly bed: string }
  | { readonly state: 'done'; readonly result: WhatIf }
  | { readonly state: 'refused'; readonly refusal: Refusal };

/** One what-if at a time: a new question, or leaving the page, drops the one before. */
export const useWhatIf = () => {
  const work = useSignal<Work>({ state: 'none' });
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  return {
    work,
    async ask(question: WhatIfQuestion): Promise<void> {
      const mine = new AbortController();
      leaving.current?.abort();
      leaving.current = mine;
      work.value = { state: 'running', share: 0, bed: '' };
      const onProgress = (share: number, bed: string): void => {
        if (leaving.current === mine) work.value = { state: 'running', share, bed };
      };
      const answer = await askWhatIf(question, onProgress, mine.signal);
      if (leaving.current !== mine || mine.signal.aborted) return;
      work.value = answer.isOk ? { state: 'done', result: answer.value } : { state: 'refused', refusal: answer };
    },
    stop(): void {
      leaving.current?.abort();
      work.value = { state: 'none' };
    },
  };
};

type Props = {
  readonly whatIf: ReturnType<typeof useWhatIf>;
  /** undefined: there is nothing that could be asked. */
  readonly question: (() => WhatIfQuestion) | undefined;
  readonly verb: string;
  readonly stopVerb: string;
  /** How far it is, from 0 to 1, and at which bed. */
  readonly running: (share: number, bed: string) => string;
  readonly isMain?: boolean;
  readonly voice: Voice;
  /** Stands before the button. */
  readonly children?: ComponentChildren;
};

/** The button that asks, how far the station is with the answer, and why there is none. */
export const AskWhatIf = ({ whatIf, question, verb, stopVerb, running, isMain, voice, children }: Props) => {
  const { value } = whatIf.work;
  const isRunning = value.state === 'running';
  return (
    <>
      <div class="parts-buttons">
        {children}
        <button
          type="button"
          class={isMain ? 'parts-main' : ''}
          disabled={!question || isRunning}
          onClick={() => question && void whatIf.ask(question())}
        >
          {verb}
        </button>
        {value.state === 'running' && (
          <>
            <progress max={1} value={value.share} aria-label={verb} />
            <span role="status">{running(value.share, value.bed)}</span>
            <button type="button" onClick={whatIf.stop}>
              {stopVerb}
            </button>
          </>
        )}
      </div>
      <Refused refusal={value.state === 'refused' ? value.refusal : undefined} voice={voice} />
    </>
  );
};
