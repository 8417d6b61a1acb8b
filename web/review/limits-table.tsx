import type { AlarmConfig, AlarmOverrides } from '#domain/alarms/settings.ts';
import { isAnySet } from '#domain/alarms/vital-settings.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { faultsOf, faultText } from '../parts/limits/faults.ts';
import { LimitInput, LimitsTable } from '../parts/limits/table.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Voice } from '../shell/text/language.ts';
import {
  COMMON_FIELDS,
  type CommonField,
  type Draft,
  type DraftKey,
  hasField,
  heldBy,
  type Reading,
  type SettingValue,
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
  /** What the unit has set. */
  readonly saved?: AlarmOverrides;
  /** What would hold with the draft over that. */
  readonly after: AlarmConfig;
  readonly isLocked?: boolean;
  readonly text: ReviewText;
  readonly voice: Voice;
  readonly onDraft: (draft: Draft) => void;
};

/** Every limit, delay and hysteresis of a unit as it may be typed, and what is wrong with it beside. */
export const UnitTable = (props: Props) => {
  const { below, saved, text, voice } = props;
  return (
    <>
      <LimitsTable
        title={text.views.settings}
        fields={VITAL_FIELDS}
        columns={text.fields}
        hasField={hasField}
        isFirst={(id) => isAnySet(below.vitals[id]) || saved?.vitals?.[id] !== undefined}
        others={partsText(voice.language).moreVitalsOfAll}
        cell={(id, field, name) => (
          <Cell {...props} name={name} field={field} entry={`${id}.${field}`} held={heldBy(below, { id, field })} />
        )}
        note={(id) => <VitalFaults id={id} {...props} />}
        voice={voice}
      />
      <details>
        <summary>{text.commonTitle}</summary>
        <div class="review-common">
          {COMMON_FIELDS.map((field) => (
            <div key={field} class="parts-field">
              <span aria-hidden="true">{text.common[field]}</span>
              <Cell {...props} name={text.common[field]} field={field} entry={field} held={heldBy(below, { field })} />
            </div>
          ))}
        </div>
      </details>
    </>
  );
};

/** What is wrong between the fields of one vital. */
const VitalFaults = ({ id, after, text, voice }: Props & { id: VitalId }) => (
  <div role="alert">
    {faultsOf(id, after.vitals[id], after.version.preset).map((fault) => (
      <p key={`${fault.field} ${fault.kind}`} class="parts-fault">
        {text.fields[fault.field]}: {faultText(fault, id, voice)}
      </p>
    ))}
  </div>
);

type CellProps = Props & {
  readonly name: string;
  readonly field: VitalField | CommonField;
  readonly entry: DraftKey;
  /** The limit in force where no other is typed. */
  readonly held: SettingValue;
};

const Cell = ({ name, field, entry, held, draft, reading, isLocked = false, text, onDraft }: CellProps) => {
  const fault = reading.faults.get(entry);
  return (
    <>
      <LimitInput
        {...{ name, isLocked }}
        value={draft[entry] ?? ''}
        placeholder={written(held, field)}
        isChanged={Boolean(draft[entry])}
        isWrong={fault !== undefined}
        onValue={(value) => onDraft({ ...draft, [entry]: value })}
      />
      {fault && <small class="parts-fault">{text.faults[fault]}</small>}
    </>
  );
};

/** Whether the draft makes sense as a whole. */
export const isSound = ({ faults }: Reading, after: AlarmConfig): boolean =>
  faults.size === 0 && VITAL_IDS.every((id) => faultsOf(id, after.vitals[id], after.version.preset).length === 0);
