import { isAnySet } from '#domain/alarms/vital-settings.ts';
import { type VitalId, vitalsOf } from '#domain/vitals.ts';
import { FIELDS, type Field, faultText, hasField } from '../../parts/limits/faults.ts';
import { LimitInput, LimitsTable } from '../../parts/limits/table.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { change, type Draft, draftFaults, inDraft, keyOf, type Layers, sourceOf } from './draft.ts';

type Props = {
  readonly layers: Layers;
  readonly draft: Draft;
  readonly mayChange: boolean;
  /** The vitals that the bed has sent. */
  readonly isHeard: (id: VitalId) => boolean;
  readonly voice: Voice;
  readonly onDraft: (draft: Draft) => void;
};

/** Every vital with the limits of a stay, where each comes from, and what is wrong with what was typed. */
export const StayTable = (props: Props) => {
  const text = bedText(props.voice.language);
  return (
    <LimitsTable
      title={text.limitsTitle}
      fields={FIELDS}
      columns={text.columns}
      hasField={hasField}
      isFirst={(id) => props.isHeard(id) || isUsual(props.layers, id)}
      others={partsText(props.voice.language).moreVitals}
      cell={(id, field, name) => <Cell {...props} id={id} field={field} name={name} />}
      voice={props.voice}
    />
  );
};

const BASIC: readonly VitalId[] = vitalsOf('basic');

/** Whether the unit or the stay has set anything of the vital, or a limit of it is in force that nearly every bed has. */
const isUsual = ({ inForce, unit, stay }: Layers, id: VitalId): boolean =>
  (BASIC.includes(id) && isAnySet(inForce.vitals[id])) ||
  unit.vitals?.[id] !== undefined ||
  stay.vitals?.[id] !== undefined;

/** A delay in seconds, a limit in its unit; empty for off. */
const textOf = (value: number | null | undefined, field: Field): string => {
  if (value === null || value === undefined) return '';
  return String(field === 'delayMs' ? value / 1_000 : value);
};

type CellProps = Props & { readonly id: VitalId; readonly field: Field; readonly name: string };

const Cell = ({ id, field, name, layers, draft, mayChange, voice, onDraft }: CellProps) => {
  const text = bedText(voice.language);
  const source = sourceOf(layers, draft, id, field);
  const entry = draft.get(keyOf(id, field));
  const shown = entry && entry !== 'below' ? entry.text : textOf(inDraft(layers, draft, id, field), field);
  const isChanged = source === 'changed';
  const fault = isChanged ? draftFaults(layers, draft, id).find((each) => each.field === field) : undefined;
  const noteId = `limit-${id}-${field}`;
  return (
    <>
      {mayChange ? (
        <LimitInput
          {...{ name, isChanged }}
          value={shown}
          placeholder={text.off}
          isWrong={fault !== undefined}
          describedBy={noteId}
          onValue={(typed) => onDraft(change(layers, draft, id, field, { text: typed }))}
        />
      ) : (
        <strong>{shown || text.off}</strong>
      )}
      <small id={noteId} class={fault ? 'parts-fault' : `bed-source bed-source-${source}`}>
        {fault ? faultText(fault, id, voice) : text.from[source]}
      </small>
      {mayChange && source === 'stay' && (
        <button type="button" class="parts-small" onClick={() => onDraft(change(layers, draft, id, field, 'below'))}>
          {text.back}
        </button>
      )}
    </>
  );
};
