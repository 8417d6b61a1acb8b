import { useSignal } from '@preact/signals';
import { VITAL_IDS } from '#domain/vitals.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { Refusal } from '../../server.ts';
import { ScopeSettings } from '../answers.ts';
import { bedText } from '../text/language.ts';
import type { Looking } from '../views.tsx';
import { Comparison } from './comparison.tsx';
import { changedOverrides, type Draft, draftFaults, EMPTY_DRAFT, stayOverrides } from './draft.ts';
import { type BedSettings, loadSettings, stayPath } from './load.ts';
import { LimitsTable } from './table.tsx';

/** The limits in force and where each comes from; an operator changes those of the stay. */
export const LimitsView = (looking: Looking) => {
  const { bed, now, voice, server } = looking;
  const text = bedText(voice.language);
  const unit = now.value.bed?.unit ?? '';
  const patient = now.value.bed?.patient?.id;
  const { asked, again } = useAsked(`${bed} ${unit} ${patient}`, (signal) =>
    loadSettings(server, { bed, unit }, signal),
  );
  const { value, refusal, isLoading } = asked.value;
  return (
    <div class="bed-limits">
      {isLoading && !value && <p role="status">{partsText(voice.language).loading}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {value && <p>{text.limitsFor(text.ageGroups[value.layers.inForce.version.preset])}</p>}
      {value && <Editor key={patient} settings={value} onSaved={again} {...looking} />}
    </div>
  );
};

type EditorProps = Looking & { readonly settings: BedSettings; readonly onSaved: () => void };

const CHANGED_MEANWHILE: Refusal = { isOk: false, reason: 'conflict', detail: '', faults: [] };

const Editor = ({ settings, onSaved, bed, now, isOperator, voice, server }: EditorProps) => {
  const text = bedText(voice.language);
  const { layers, encounter, version } = settings;
  const draft = useSignal<Draft>(EMPTY_DRAFT);
  const reason = useSignal('');
  const outcome = useSignal<{ refusal?: Refusal | undefined; isSaved?: boolean; isBusy?: boolean }>({});
  const mayChange = isOperator && encounter !== undefined;
  const isChanged = draft.value.size > 0;
  const isSound = VITAL_IDS.every((id) => draftFaults(layers, draft.value, id).length === 0);

  const save = async (stay: number): Promise<void> => {
    outcome.value = { isBusy: true };
    // Somebody else may have saved meanwhile, and that is not to be undone by what this page has read before.
    const present = await server.get(ScopeSettings, stayPath(stay));
    if (!present.isOk || present.value.version !== version) {
      outcome.value = { refusal: present.isOk ? CHANGED_MEANWHILE : present };
      if (present.isOk) onSaved();
      return;
    }
    const overrides = stayOverrides(layers, draft.peek());
    const answer = await server.send('PUT', stayPath(stay), { overrides, reason: reason.peek().trim() });
    if (!answer.isOk) {
      outcome.value = { refusal: answer };
      return;
    }
    draft.value = EMPTY_DRAFT;
    reason.value = '';
    outcome.value = { isSaved: true };
    onSaved();
  };

  const overrides = isChanged && isSound ? changedOverrides(layers, draft.value) : undefined;
  return (
    <div class="bed-editor">
      {!isOperator && <p>{text.onlyOperators}</p>}
      {isOperator && encounter === undefined && <p>{text.noStay}</p>}
      <LimitsTable
        layers={layers}
        draft={draft.value}
        mayChange={mayChange}
        voice={voice}
        onDraft={(next) => {
          draft.value = next;
          outcome.value = {};
        }}
      />
      {mayChange && (
        <div class="bed-proposal">
          <Comparison
            key={JSON.stringify(overrides)}
            bed={bed}
            nowMs={now.value.nowMs ?? Date.now()}
            overrides={overrides}
            voice={voice}
          />
          <form
            class="bed-buttons"
            onSubmit={(event) => {
              event.preventDefault();
              if (encounter !== undefined) void save(encounter);
            }}
          >
            <label class="bed-field bed-wide">
              {text.reason} <small>{text.reasonHelp}</small>
              <input
                maxLength={500}
                value={reason.value}
                onInput={({ currentTarget }) => {
                  reason.value = currentTarget.value;
                }}
              />
            </label>
            <button
              type="submit"
              disabled={!isChanged || !isSound || reason.value.trim() === '' || outcome.value.isBusy === true}
            >
              {text.saveLimits}
            </button>
            <button
              type="button"
              disabled={!isChanged}
              onClick={() => {
                draft.value = EMPTY_DRAFT;
              }}
            >
              {text.undo}
            </button>
            <span role="status">
              {outcome.value.isSaved && text.saved}
              {!isChanged && !outcome.value.isSaved && text.changeFirst}
              {isChanged && isSound && reason.value.trim() === '' && text.reasonFirst}
            </span>
          </form>
          <Refused refusal={outcome.value.refusal} voice={voice} />
        </div>
      )}
    </div>
  );
};
