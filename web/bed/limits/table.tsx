import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { unitText } from '../../parts/display.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import {
  change,
  type Draft,
  draftFaults,
  type Fault,
  FIELDS,
  type Field,
  hasField,
  inDraft,
  keyOf,
  type Layers,
  MAX_DELAY_MS,
  sourceOf,
} from './draft.ts';

type Props = {
  readonly layers: Layers;
  readonly draft: Draft;
  readonly mayChange: boolean;
  readonly voice: Voice;
  readonly onDraft: (draft: Draft) => void;
};

const COLUMNS: Readonly<Record<Field, 'extremeLow' | 'low' | 'high' | 'extremeHigh' | 'delay'>> = {
  extremeLow: 'extremeLow',
  low: 'low',
  high: 'high',
  extremeHigh: 'extremeHigh',
  delayMs: 'delay',
};

export const faultText = ({ kind, field }: Fault, id: VitalId, voice: Voice): string => {
  const { limitFaults } = bedText(voice.language);
  const [min, max] = vital(id).plausible;
  if (kind === 'implausible') return limitFaults.implausible(voice.number(min, 0), voice.number(max, 0));
  if (kind === 'delay' || (kind === 'number' && field === 'delayMs')) {
    return limitFaults.delay(voice.number(MAX_DELAY_MS / 1_000, 0));
  }
  return limitFaults[kind];
};

/** Every vital with its limits, where each comes from, and what is wrong with what was typed. */
export const LimitsTable = (props: Props) => {
  const text = bedText(props.voice.language);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it is scrolled sideways, by keys as well
    <section class="bed-table" tabIndex={0} aria-label={text.limitsTitle}>
      <table>
        <thead>
          <tr>
            <td />
            {FIELDS.map((field) => (
              <th key={field} scope="col">
                {text.columns[COLUMNS[field]]}
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
  );
};

const VitalRow = (props: Props & { id: VitalId }) => {
  const { id, layers, draft, voice } = props;
  const { label } = vital(id);
  const faults = draftFaults(layers, draft, id);
  return (
    <tr>
      <th scope="row">
        {label[voice.language]} <small>{unitText(id, voice.text)}</small>
      </th>
      {FIELDS.map((field) => (
        <td key={field}>{hasField(id, field) && <Cell {...props} field={field} faults={faults} />}</td>
      ))}
    </tr>
  );
};

/** A delay in seconds, a limit in its unit; empty for off. */
const textOf = (value: number | null | undefined, field: Field): string => {
  if (value === null || value === undefined) return '';
  return String(field === 'delayMs' ? value / 1_000 : value);
};

type CellProps = Props & { readonly id: VitalId; readonly field: Field; readonly faults: readonly Fault[] };

const Cell = ({ id, field, faults, layers, draft, mayChange, voice, onDraft }: CellProps) => {
  const text = bedText(voice.language);
  const source = sourceOf(layers, draft, id, field);
  const entry = draft.get(keyOf(id, field));
  const shown = entry && entry !== 'below' ? entry.text : textOf(inDraft(layers, draft, id, field), field);
  const fault = source === 'changed' ? faults.find((each) => each.field === field) : undefined;
  const noteId = `limit-${id}-${field}`;
  const name = `${vital(id).label[voice.language]}, ${text.columns[COLUMNS[field]]}`;
  return (
    <>
      {mayChange ? (
        <input
          class={source === 'changed' ? 'bed-changed' : ''}
          inputMode="decimal"
          aria-label={name}
          aria-invalid={fault !== undefined}
          aria-describedby={noteId}
          placeholder={text.off}
          value={shown}
          onInput={({ currentTarget }) => onDraft(change(layers, draft, id, field, { text: currentTarget.value }))}
        />
      ) : (
        <strong>{shown || text.off}</strong>
      )}
      <small id={noteId} class={fault ? 'bed-fault' : `bed-source bed-source-${source}`}>
        {fault ? faultText(fault, id, voice) : text.from[source]}
      </small>
      {mayChange && source === 'stay' && (
        <button type="button" class="bed-small" onClick={() => onDraft(change(layers, draft, id, field, 'below'))}>
          {text.back}
        </button>
      )}
    </>
  );
};
