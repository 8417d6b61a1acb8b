import { useSignal } from '@preact/signals';
import { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { Refusal } from '../../shell/server.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { PageContext } from '../context.ts';
import { bedText } from '../text/language.ts';
import { dayAndTime } from '../when.ts';
import { Comparison } from './comparison.tsx';
import {
  changedOverrides,
  changesBetween,
  changesOf,
  type Draft,
  draftFaults,
  EMPTY_DRAFT,
  stayOverrides,
} from './draft.ts';
import { type BedSettings, loadSettings, stayPath } from './load.ts';
import { LimitsTable } from './table.tsx';
import { Updated } from './updated.tsx';
import { changesText } from './words.ts';

/** The limits in force and where each comes from; an operator changes those of the stay. */
export const LimitsView = (context: PageContext) => {
  const { bed, now, voice, server } = context;
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
      {value && (
        <p>
          <strong>{text.limitsOf(context.patientName, now.value.bed?.label ?? bed)}</strong>{' '}
          {text.limitsFor(text.ageGroups[value.layers.inForce.version.preset])}
        </p>
      )}
      {value && <Updated change={value.presetChange} voice={voice} />}
      {value && <Editor key={patient} settings={value} onSaved={again} {...context} />}
    </div>
  );
};

type EditorProps = PageContext & { readonly settings: BedSettings; readonly onSaved: () => void };

type Outcome = {
  readonly refusal?: Refusal | undefined;
  /** What was saved, in words. */
  readonly saved?: string;
  readonly isBusy?: boolean;
};

const Editor = ({ settings, onSaved, bed, now, stationNow, isOperator, patientName, voice, server }: EditorProps) => {
  const text = bedText(voice.language);
  const { layers, encounter, etag } = settings;
  const draft = useSignal<Draft>(EMPTY_DRAFT);
  const reason = useSignal('');
  const outcome = useSignal<Outcome>({});
  /** What this person had before them when the station refused; undefined: nothing was refused. */
  const refusedOver = useSignal<BedSettings | undefined>(undefined);
  const mayChange = isOperator && encounter !== undefined;
  const changes = changesOf(layers, draft.value);
  const isChanged = draft.value.size > 0;
  const isSound = VITAL_IDS.every((id) => draftFaults(layers, draft.value, id).length === 0);
  const words = changesText(changes, voice);

  const save = async (stay: number): Promise<void> => {
    outcome.value = { isBusy: true };
    const overrides = stayOverrides(layers, draft.peek());
    const body = { overrides, reason: reason.peek().trim() };
    const answer = await server.replace(AlarmSettings, stayPath(stay), body, etag);
    if (answer.isOk) {
      draft.value = EMPTY_DRAFT;
      reason.value = '';
      refusedOver.value = undefined;
      outcome.value = { saved: text.savedFor(patientName, words) };
    } else {
      outcome.value = { refusal: answer };
      if (answer.reason === 'stale') refusedOver.value = settings;
    }
    // Of a form that was refused as stale, what is new is shown beside the draft, which stays.
    if (answer.isOk || answer.reason === 'stale') onSaved();
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
            nowMs={now.value.nowMs ?? stationNow()}
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
              class="bed-save"
              disabled={!isChanged || !isSound || reason.value.trim() === '' || outcome.value.isBusy === true}
            >
              {words === '' ? text.saveFor(patientName) : text.saveChanges(patientName, words)}
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
              {outcome.value.saved}
              {!isChanged && !outcome.value.saved && text.changeFirst}
              {isChanged && isSound && reason.value.trim() === '' && text.reasonFirst}
            </span>
          </form>
          <Refused refusal={outcome.value.refusal} voice={voice} />
          {refusedOver.value && <Meanwhile before={refusedOver.value} after={settings} voice={voice} />}
        </div>
      )}
    </div>
  );
};

/** What somebody else has changed since this person began, and who. */
const Meanwhile = ({ before, after, voice }: { before: BedSettings; after: BedSettings; voice: Voice }) => {
  const text = bedText(voice.language);
  const { changed } = after;
  if (before.etag === after.etag || !changed) return null;
  const changes = changesText(changesBetween(before.layers, after.layers), voice);
  return (
    <div class="bed-meanwhile" role="alert">
      <strong>
        {text.meanwhile(
          changed.author ?? text.notKnown,
          changed.createdAt === null ? '' : dayAndTime(changed.createdAt, voice),
        )}
      </strong>
      <p>{changes === '' ? text.meanwhileElse : changes}</p>
      {changed.reason && <p>{text.meanwhileReason(changed.reason)}</p>}
      <p>{text.draftKept}</p>
    </div>
  );
};
