import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { faultsOf, type FIELDS as LIMIT_FIELDS } from '../bed/limits/draft.ts';
import { faultText } from '../bed/limits/table.tsx';
import { unitText } from '../parts/display.ts';
import type { Voice } from '../shell/text/language.ts';
import {
  COMMON_FIELDS,
  type Draft,
  type DraftKey,
  hasField,
  type Reading,
  VITAL_FIELDS,
  type VitalField,
  written,
} from './draft.ts';
import type { ReviewText } from './text/en.ts';

type Props = {
  readonly draft: Draft;
  readonly reading: Reading;
  /** What holds where nothing is typed. */
  readonly below: AlarmConfig;
  /** With the draft over it. */
  readonly after: AlarmConfig;
  readonly isLocked?: boolean;
  readonly text: ReviewText;
  readonly voice: Voice;
  readonly onDraft: (draft: Draft) => void;
};

/** Every limit, delay and hysteresis as it may be typed, and what is wrong with it beside. */
export const LimitsTable = (props: Props) => {
  const { text } = props;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it is scrolled sideways, by keys as well */}
      <section class="review-limits" tabIndex={0} aria-label={text.views.settings}>
        <table class="review-table">
          <thead>
            <tr>
              <td />
              {VITAL_FIELDS.map((field) => (
                <th key={field} scope="col">
                  {text.fields[field]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {VITAL_IDS.map((id) => (
              <VitalRow key={id} id={id} {...props} />
            ))}
          </tbody>
        </table>
      </section>
      <details>
        <summary>{text.commonTitle}</summary>
        <div class="review-common">
          {COMMON_FIELDS.map((field) => (
            <div key={field} class="review-field">
              <span aria-hidden="true">{text.common[field]}</span>
              <Cell name={text.common[field]} field={field} entry={field} below={props.below[field]} {...pick(props)} />
            </div>
          ))}
        </div>
      </details>
    </>
  );
};

const pick = ({ draft, reading, isLocked = false, text, onDraft }: Props) => ({
  draft,
  reading,
  isLocked,
  text,
  onDraft,
});

const VitalRow = ({ id, ...props }: Props & { id: VitalId }) => {
  const { below, text, voice } = props;
  const { label } = vital(id);
  return (
    <tr>
      <th scope="row">
        {label[voice.language]} <small>{unitText(id, voice.text)}</small>
        <VitalFaults id={id} {...props} />
      </th>
      {VITAL_FIELDS.map((field) => (
        <td key={field}>
          {hasField(id, field) && (
            <Cell
              name={`${label[voice.language]}, ${text.fields[field]}`}
              field={field}
              entry={`${id}.${field}`}
              below={below.vitals[id][field]}
              {...pick(props)}
            />
          )}
        </td>
      ))}
    </tr>
  );
};

/** What is wrong between the fields of one vital. */
const VitalFaults = ({ id, after, text, voice }: Props & { id: VitalId }) => {
  const faults = faultsOf(id, after.vitals[id], after.version.preset);
  const nameOf = (field: (typeof LIMIT_FIELDS)[number]): string => text.fields[field satisfies VitalField];
  return (
    <div role="alert">
      {faults.map((fault) => (
        <p key={`${fault.field} ${fault.kind}`} class="review-fault">
          {nameOf(fault.field)}: {faultText(fault, id, voice)}
        </p>
      ))}
    </div>
  );
};

type CellProps = ReturnType<typeof pick> & {
  readonly name: string;
  readonly field: Parameters<typeof written>[1];
  readonly entry: DraftKey;
  readonly below: number | null;
};

const Cell = ({ name, field, entry, below, draft, reading, isLocked, text, onDraft }: CellProps) => {
  const fault = reading.faults.get(entry);
  return (
    <>
      <input
        class={draft[entry] ? 'review-changed' : ''}
        inputMode="decimal"
        autocomplete="off"
        aria-label={name}
        aria-invalid={fault !== undefined}
        disabled={isLocked}
        placeholder={written(below, field)}
        value={draft[entry] ?? ''}
        onInput={({ currentTarget: { value } }) => onDraft({ ...draft, [entry]: value })}
      />
      {fault && <small class="review-fault">{text.faults[fault]}</small>}
    </>
  );
};

/** Whether the draft makes sense as a whole. */
export const isSound = ({ faults }: Reading, after: AlarmConfig): boolean =>
  faults.size === 0 && VITAL_IDS.every((id) => faultsOf(id, after.vitals[id], after.version.preset).length === 0);
