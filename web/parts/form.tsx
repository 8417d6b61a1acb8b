import type { Signal } from '@preact/signals';

/** Fields of forms, each with its label and a hint. */

/** What is typed or chosen goes into the signal. */
export const into =
  <Value,>(held: Signal<Value>) =>
  (value: Value): void => {
    held.value = value;
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
  <label class="parts-field">
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
  <label class="parts-field">
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
