import './limits.css';

import type { ComponentChildren } from 'preact';
import { VITAL_GROUP_IDS, VITAL_IDS, type VitalId, vital, vitalsOf } from '#domain/vitals.ts';
import type { Voice } from '../../shell/text/language.ts';
import { unitText } from '../display.ts';
import { partsText } from '../text/language.ts';

const GROUPS = VITAL_GROUP_IDS.map((group) => [group, vitalsOf(group)] as const);

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

type Choice = {
  /** The vitals that somebody looks for here. The others are folded away below them, by group. */
  readonly isFirst: (id: VitalId) => boolean;
  /** What is said of so many others. */
  readonly others: (count: number) => string;
};

export const LimitsTable = <Field extends string>({ isFirst, others, ...props }: Props<Field> & Choice) => {
  const rest = GROUPS.map(([group, ids]) => [group, ids.filter((id) => !isFirst(id))] as const).filter(
    ([, ids]) => ids.length > 0,
  );
  const count = rest.reduce((sum, [, ids]) => sum + ids.length, 0);
  return (
    <>
      <Table {...props} ids={VITAL_IDS.filter(isFirst)} />
      {count > 0 && (
        <details class="parts-more">
          <summary>{others(count)}</summary>
          {rest.map(([group, ids]) => (
            <Table
              key={group}
              {...props}
              ids={ids}
              title={partsText(props.voice.language).vitalGroups[group]}
              isGroup
            />
          ))}
        </details>
      )}
    </>
  );
};

const Table = <Field extends string>(props: Props<Field> & { ids: readonly VitalId[]; isGroup?: boolean }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it is scrolled sideways, by keys as well
  <section class="parts-limits" tabIndex={0} aria-label={props.title}>
    <table class="parts-table">
      <thead>
        <tr>
          {props.isGroup ? <th scope="col">{props.title}</th> : <td />}
          {props.fields.map((field) => (
            <th key={field} scope="col">
              {props.columns[field]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.ids.map((id) => (
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
