import type { ComponentChildren } from 'preact';
import type { Voice } from '../../shell/text/language.ts';
import { Refused } from '../refused.tsx';
import type { Saving } from './saving.ts';

/**
 * The one editor of limits, whosever they are: a table, what the change would have done, and a form that saves it with a
 * reason. `layout` is `beside` where the form stands beside the table as soon as there is room.
 */
type EditorProps = {
  readonly layout: 'below' | 'beside';
  readonly intro: ComponentChildren;
  readonly table: ComponentChildren;
  /** Asks what the change would have done. */
  readonly comparison: ComponentChildren;
  readonly mayChange: boolean;
  readonly form: Omit<FormProps, 'saving'>;
  readonly saving: Saving;
  /** Why it was refused, where the page knows better than the kind of refusal. */
  readonly refusedWords?: string | undefined;
  readonly voice: Voice;
  /** Stands below the form. */
  readonly children?: ComponentChildren;
};

export const LimitsEditor = (props: EditorProps) => (
  <div class={`parts-editor parts-editor-${props.layout}`}>
    {props.intro}
    <div class="parts-editor-table">{props.table}</div>
    {props.mayChange && (
      <div class="parts-proposal">
        {props.comparison}
        <Form {...props.form} saving={props.saving} />
        <Refused refusal={props.saving.refusal.value} words={props.refusedWords} voice={props.voice} />
        {props.children}
      </div>
    )}
  </div>
);

type FormProps = {
  readonly reasonLabel: string;
  readonly reasonHelp: string;
  /** What saving would do, in words. */
  readonly verb: string;
  readonly isReady: boolean;
  readonly onUndo?: { readonly verb: string; readonly isPossible: boolean; readonly undo: () => void };
  readonly status?: ComponentChildren;
  readonly saving: Saving;
};

const Form = ({ reasonLabel, reasonHelp, verb, isReady, onUndo, status, saving }: FormProps) => (
  <form
    class="parts-buttons"
    onSubmit={(event) => {
      event.preventDefault();
      if (isReady && !saving.isBusy.peek()) void saving.save();
    }}
  >
    <label class="parts-field parts-wide">
      <span>
        {reasonLabel} <small>{reasonHelp}</small>
      </span>
      <input
        required
        maxLength={500}
        value={saving.reason.value}
        onInput={({ currentTarget }) => {
          saving.reason.value = currentTarget.value;
        }}
      />
    </label>
    <button type="submit" class="parts-main parts-save" disabled={!isReady || saving.isBusy.value}>
      {verb}
    </button>
    {onUndo && (
      <button type="button" disabled={!onUndo.isPossible} onClick={onUndo.undo}>
        {onUndo.verb}
      </button>
    )}
    {status && <span role="status">{status}</span>}
  </form>
);
