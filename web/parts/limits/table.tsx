import './limits.css';

import type { ComponentChildren } from 'preact';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import type { Voice } from '../../shell/text/language.ts';
import { unitText } from '../display.ts';

/** A table of limits: a row for each vital, a column for each field. What stands in a cell is the page's. */
type Props<Field extends string> = {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly columns: Readonly<Record<Field, string>>;
  readonly hasField: (id: VitalId, field: Field) => boolean;
  /** `name`: what a person who hears the page is told about the cell. */
  readonly cell: (id: VitalId, field: Field, name: string) => ComponentChildren;
  /** Stands below the name of the vital. */
  readonly note?: (id: VitalId) => ComponentChildren;
  readonly voice: Voice;
};

export const LimitsTable = <Field extends string>(props: Props<Field>) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it is scrolled sideways, by keys as well
  <section class="parts-limits" tabIndex={0} aria-label={props.title}>
    <table class="parts-table">
      <thead>
        <tr>
          <td />
          {props.fields.map((field) => (
            <th key={field} scope="col">
              {props.columns[field]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {VITAL_IDS.map((id) => (
          <Row key={id} id={id} {...props} />
        ))}
      </tbody>
    </table>
  </section>
);

const Row = <Field extends string>({
  id,
  fields,
  columns,
  hasField,
  cell,
  note,
  voice,
}: Props<Field> & { id: VitalId }) => {
  const label = vital(id).label[voice.language];
  return (
    <tr>
      <th scope="row">
        {label} <small>{unitText(id, voice.text)}</small>
        {note?.(id)}
      </th>
      {fields.map((field) => (
        <td key={field}>{hasField(id, field) && cell(id, field, `${label}, ${columns[field]}`)}</td>
      ))}
    </tr>
  );
};

type InputProps = {
  readonly name: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isChanged: boolean;
  readonly isWrong: boolean;
  readonly isLocked?: boolean;
  /** The id of what is to be told beside it. */
  readonly describedBy?: string;
  readonly onValue: (value: string) => void;
};

/** What may be typed in a cell. */
export const LimitInput = ({
  name,
  value,
  placeholder,
  isChanged,
  isWrong,
  isLocked,
  describedBy,
  onValue,
}: InputProps) => (
  <input
    class={isChanged ? 'parts-changed' : ''}
    inputMode="decimal"
    autocomplete="off"
    aria-label={name}
    aria-invalid={isWrong}
    aria-describedby={describedBy}
    disabled={isLocked}
    placeholder={placeholder}
    value={value}
    onInput={({ currentTarget }) => onValue(currentTarget.value)}
  />
);
