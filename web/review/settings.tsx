import { useSignal } from '@preact/signals';
import { z } from 'zod';
import { override, PRESETS } from '#domain/alarms/settings.ts';
import { AgeGroupSchema } from '#domain/entities.ts';
import { type AgeGroup, vital } from '#domain/vitals.ts';
import { dayAndTime } from '../bed/when.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Answer, Refusal, Server } from '../server.ts';
import { SettingsRow } from './answers.ts';
import { Comparison } from './comparison.tsx';
import { COMMON_FIELDS, type Draft, differences, draftOf, isNothing, readDraft, VITAL_FIELDS } from './draft.ts';
import { withFilter } from './filter.ts';
import { Chosen, Scope } from './filters.tsx';
import { isSound, LimitsTable } from './limits-table.tsx';
import type { Looking } from './looking.ts';

/** What a unit has other than the preset of an age group: changed with a reason, and every version there was. */

type Read = { readonly present: SettingsRow; readonly versions: readonly SettingsRow[] };

const settingsPath = (unit: string, ageGroup: AgeGroup): string =>
  `units/${encodeURIComponent(unit)}/alarm-settings/${ageGroup}`;

const read = async (
  server: Server,
  unit: string,
  ageGroup: AgeGroup,
  signal: AbortSignal,
): Promise<Answer<Read | undefined>> => {
  if (unit === '') return { isOk: true, value: undefined };
  const [present, versions] = await Promise.all([
    server.get(SettingsRow, settingsPath(unit, ageGroup), {}, signal),
    server.get(z.array(SettingsRow), 'alarm-settings/versions', { unit }, signal),
  ]);
  if (!present.isOk) return present;
  if (!versions.isOk) return versions;
  const own = versions.value.filter((row) => row.ageGroup === ageGroup);
  return { isOk: true, value: { present: present.value, versions: own } };
};

export const SettingsView = (looking: Looking) => {
  const { text, voice, query, go, server } = looking;
  const unit = query.unit ?? '';
  const ageGroup = AgeGroupSchema.catch('adult').parse(query.age);
  const { asked, again } = useAsked(`${unit} ${ageGroup}`, (signal) => read(server, unit, ageGroup, signal));
  const { value, refusal, isLoading } = asked.value;
  const saved = useSignal<SettingsRow | undefined>(undefined);
  return (
    <>
      <Scope hasBed={false} {...looking}>
        <Chosen
          label={text.ageGroup}
          value={ageGroup}
          choices={AgeGroupSchema.options.map((each) => ({ value: each, label: text.ageGroups[each] }))}
          onValue={(age) => go(withFilter(query, { age }))}
        />
      </Scope>
      {unit === '' && <p class="review-note">{text.settingsWhere}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {isLoading && unit !== '' && <p role="status">{partsText(voice.language).loading}</p>}
      {value && !isLoading && (
        <>
          <Editor
            key={`${unit} ${ageGroup} ${value.present.version}`}
            unit={unit}
            ageGroup={ageGroup}
            present={value.present}
            onStored={(row) => {
              saved.value = row;
              again();
            }}
            {...looking}
          />
          <p role="status">
            {saved.value?.version === value.present.version &&
              value.present.version !== null &&
              text.saved(voice.number(value.present.version, 0))}
          </p>
          <Versions versions={value.versions} text={text} voice={voice} />
        </>
      )}
    </>
  );
};

type EditorProps = Looking & {
  readonly unit: string;
  readonly ageGroup: AgeGroup;
  readonly present: SettingsRow;
  readonly onStored: (row: SettingsRow) => void;
};

type Outcome = { readonly refusal?: Refusal; readonly words?: string; readonly isBusy?: boolean };

const MEANWHILE: Refusal = { isOk: false, reason: 'conflict', detail: '', faults: [] };

const Editor = ({ unit, ageGroup, present, onStored, ...looking }: EditorProps) => {
  const { text, voice, server, isOperator } = looking;
  const below = PRESETS[ageGroup];
  const draft = useSignal<Draft>(draftOf(present.overrides));
  const reason = useSignal('');
  const outcome = useSignal<Outcome>({});
  const reading = readDraft(draft.value, present.overrides);
  const after = override(below, reading.overrides);
  const changes = differences(below, present.overrides, reading.overrides);
  const isChanged = JSON.stringify(draftOf(present.overrides)) !== JSON.stringify(draftOf(reading.overrides));
  const isReady = isChanged && isSound(reading, after);

  const save = async (): Promise<void> => {
    outcome.value = { isBusy: true };
    const path = settingsPath(unit, ageGroup);
    // Somebody else may have saved meanwhile, and that is not to be undone by what this page has read before.
    const now = await server.get(SettingsRow, path);
    if (!now.isOk) {
      outcome.value = { refusal: now };
    } else if (now.value.version !== present.version) {
      outcome.value = { refusal: MEANWHILE, words: text.changedMeanwhile };
    } else {
      const body = { overrides: reading.overrides, reason: reason.peek().trim() };
      const answer = await server.send('PUT', path, body, SettingsRow);
      if (answer.isOk) onStored(answer.value);
      else outcome.value = { refusal: answer };
    }
  };

  const { refusal, words, isBusy = false } = outcome.value;
  return (
    <>
      <p>{isOperator ? text.settingsHelp : text.readOnly}</p>
      <LimitsTable
        draft={draft.value}
        reading={reading}
        below={below}
        after={after}
        isLocked={!isOperator}
        text={text}
        voice={voice}
        onDraft={(next) => {
          draft.value = next;
          outcome.value = {};
        }}
      />
      {isOperator && (
        <>
          <Comparison
            path={`units/${encodeURIComponent(unit)}`}
            overrides={isReady && !isNothing(changes) ? changes : undefined}
            verb={text.tryFirst}
            {...looking}
          />
          <form
            class="review-verbs"
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            <label class="review-field review-reason">
              <span>
                {text.reason} · {text.reasonHint}
              </span>
              <input
                required
                maxLength={500}
                value={reason.value}
                onInput={({ currentTarget }) => {
                  reason.value = currentTarget.value;
                }}
              />
            </label>
            <button type="submit" class="review-main" disabled={!isReady || isBusy}>
              {isBusy ? text.saving : text.save}
            </button>
          </form>
          <Refused refusal={refusal} voice={voice} words={refusal?.reason === 'invalid' ? text.problems : words} />
        </>
      )}
    </>
  );
};

type VersionsProps = Pick<Looking, 'text' | 'voice'> & { readonly versions: readonly SettingsRow[] };

/** What a version has, in words. */
const summary = ({ overrides }: SettingsRow, { text, voice }: Pick<Looking, 'text' | 'voice'>): string => {
  const draft = draftOf(overrides);
  const vitals = Object.keys(overrides.vitals ?? {}) as (keyof NonNullable<typeof overrides.vitals>)[];
  const words = [
    ...vitals.flatMap((id) =>
      VITAL_FIELDS.flatMap((field) => {
        const typed = draft[`${id}.${field}`];
        return typed === undefined ? [] : [`${vital(id).label[voice.language]}, ${text.fields[field]}: ${typed}`];
      }),
    ),
    ...COMMON_FIELDS.flatMap((field) => {
      const typed = draft[field];
      return typed === undefined ? [] : [`${text.common[field]}: ${typed}`];
    }),
  ];
  return words.length === 0 ? text.nothingSet : words.join(' · ');
};

const Versions = ({ versions, text, voice }: VersionsProps) => (
  <section class="review-card">
    <h3>{text.history}</h3>
    {versions.length === 0 && <p>{text.noVersions}</p>}
    <ol class="review-versions">
      {versions.map((row) => (
        <li key={row.version}>
          <strong>{text.version(voice.number(row.version ?? 0, 0))}</strong>{' '}
          {text.versionBy(
            row.author ?? '',
            row.createdAt === null ? '' : dayAndTime(row.createdAt, voice),
            row.reason ?? '',
          )}
          <div class="review-dim">{summary(row, { text, voice })}</div>
        </li>
      ))}
    </ol>
  </section>
);
