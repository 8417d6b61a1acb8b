import './limits.css';

import { useSignal } from '@preact/signals';
import { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { useAsked } from '../../parts/asked.ts';
import { LimitsEditor } from '../../parts/limits/editor.tsx';
import { useSaving } from '../../parts/limits/saving.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { PageContext } from '../context.ts';
import { type BedText, bedText } from '../text/language.ts';
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
import { StayTable } from './table.tsx';
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

/** What stands beside the button: what was saved, or what is still to be done before anything can be. */
const statusOf = (saved: string, isChanged: boolean, mayStillSave: boolean, text: BedText): string => {
  if (saved !== '') return saved;
  if (!isChanged) return text.changeFirst;
  return mayStillSave ? text.reasonFirst : '';
};

/** The draft over what is in force at the stay, and what would be saved of it. */
const useStayDraft = ({ layers }: BedSettings, voice: Voice) => {
  const draft = useSignal<Draft>(EMPTY_DRAFT);
  const isChanged = draft.value.size > 0;
  const isSound = VITAL_IDS.every((id) => draftFaults(layers, draft.value, id).length === 0);
  return {
    draft,
    isChanged,
    isSound,
    words: changesText(changesOf(layers, draft.value), voice),
    overrides: isChanged && isSound ? changedOverrides(layers, draft.value) : undefined,
    undo(): void {
      draft.value = EMPTY_DRAFT;
    },
  };
};

type StayDraft = ReturnType<typeof useStayDraft>;

/** Saves the draft for the stay, and remembers over what it was refused, or what was saved. */
const useStaySaving = (
  { settings, onSaved, patientName, voice, server }: EditorProps,
  { draft, words, undo }: StayDraft,
) => {
  const { layers, encounter, etag } = settings;
  const saved = useSignal('');
  /** The settings that this person saw when the station refused; undefined: nothing was refused. */
  const refusedOver = useSignal<BedSettings | undefined>(undefined);
  const saving = useSaving<AlarmSettings>({
    store(reason) {
      const body = { overrides: stayOverrides(layers, draft.peek()), reason };
      return server.replace(AlarmSettings, stayPath(encounter ?? 0), body, etag);
    },
    onStored() {
      undo();
      refusedOver.value = undefined;
      saved.value = bedText(voice.language).savedFor(patientName, words);
      onSaved();
    },
    // New settings are shown beside the draft, which stays.
    onStale() {
      refusedOver.value = settings;
      onSaved();
    },
  });
  return { saving, saved, refusedOver };
};

const Editor = (props: EditorProps) => {
  const { settings, bed, now, stationNow, isOperator, patientName, voice } = props;
  const text = bedText(voice.language);
  const { layers, encounter } = settings;
  const stayDraft = useStayDraft(settings, voice);
  const { draft, isChanged, isSound, words, overrides, undo } = stayDraft;
  const { saving, saved, refusedOver } = useStaySaving(props, stayDraft);
  const mayChange = isOperator && encounter !== undefined;
  const hasReason = saving.reason.value.trim() !== '';
  const onDraft = (next: Draft): void => {
    draft.value = next;
    saved.value = '';
    saving.clear();
  };

  return (
    <LimitsEditor
      layout="beside"
      intro={<Locked isOperator={isOperator} isEmpty={encounter === undefined} text={text} />}
      table={
        <StayTable
          layers={layers}
          draft={draft.value}
          mayChange={mayChange}
          isHeard={(id) => now.value.bed?.vitals[id] !== undefined}
          voice={voice}
          onDraft={onDraft}
        />
      }
      comparison={
        <Comparison
          key={JSON.stringify(overrides)}
          bed={bed}
          nowMs={now.value.nowMs ?? stationNow()}
          overrides={overrides}
          voice={voice}
        />
      }
      mayChange={mayChange}
      form={{
        reasonLabel: text.reason,
        reasonHelp: text.reasonHelp,
        verb: words === '' ? text.saveFor(patientName) : text.saveChanges(patientName, words),
        isReady: isChanged && isSound && hasReason,
        onUndo: { verb: text.undo, isPossible: isChanged, undo },
        status: statusOf(saved.value, isChanged, isSound && !hasReason, text),
      }}
      saving={saving}
      voice={voice}
    >
      {refusedOver.value && <Meanwhile before={refusedOver.value} after={settings} voice={voice} />}
    </LimitsEditor>
  );
};

/** Why nothing can be changed here. */
const Locked = ({ isOperator, isEmpty, text }: { isOperator: boolean; isEmpty: boolean; text: BedText }) => {
  if (!isOperator) return <p>{text.onlyOperators}</p>;
  return isEmpty ? <p>{text.noStay}</p> : null;
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
