import type { ComponentChildren } from 'preact';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Deed, Desk } from './desk.ts';

/** A dialog with a form: Enter sends it, Escape leaves it. */
export const FormDialog = ({
  desk,
  deed,
  title,
  verb,
  isReady = true,
  onSubmit,
  children,
}: {
  desk: Desk;
  deed: Deed;
  title: string;
  verb: string;
  isReady?: boolean;
  onSubmit: () => void;
  children: ComponentChildren;
}) => {
  const { voice, text, close } = desk;
  const failure = deed.failure.value;
  return (
    <Dialog title={title} onClose={close}>
      <form
        class="admin-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <Refused refusal={failure?.refusal} words={failure?.words} voice={voice} />
        <div class="admin-verbs">
          <button type="submit" class="admin-main" disabled={!isReady || deed.isBusy.value}>
            {deed.isBusy.value ? text.saving : verb}
          </button>
          <button type="button" onClick={close}>
            {partsText(voice.language).cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

type FieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: 'text' | 'search' | 'date';
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** The id of a `datalist`. */
  readonly list?: string;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
};

export const Field = ({ label, hint, value, onValue, type = 'text', ...input }: FieldProps) => (
  <label class="admin-field">
    <span>{label}</span>
    <input
      type={type}
      autocomplete="off"
      spellcheck={false}
      {...input}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
    {hint && <small>{hint}</small>}
  </label>
);

export type Choice = { readonly value: string; readonly label: string };

export const Choices = ({
  label,
  hint,
  value,
  choices,
  onValue,
  isRequired = false,
}: {
  label: string;
  hint?: string;
  value: string;
  choices: readonly Choice[];
  onValue: (value: string) => void;
  isRequired?: boolean;
}) => (
  <label class="admin-field">
    <span>{label}</span>
    <select value={value} required={isRequired} onChange={(event) => onValue(event.currentTarget.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
    {hint && <small>{hint}</small>}
  </label>
);
