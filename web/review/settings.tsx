import './settings.css';

import { useSignal } from '@preact/signals';
import { z } from 'zod';
import { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { override, PRESETS } from '#domain/alarms/settings.ts';
import { type AgeGroup, vital } from '#domain/vitals.ts';
import { useAsked } from '../parts/asked.ts';
import { Choices } from '../parts/form.tsx';
import { LimitsEditor } from '../parts/limits/editor.tsx';
import { useSaving } from '../parts/limits/saving.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import { dayAndTime } from '../parts/when.ts';
import type { Refusal } from '../shell/refusal.ts';
import type { Answer, Server } from '../shell/server.ts';
import { Comparison } from './comparison.tsx';
import { type PageContext, unitName } from './context.ts';
import {
  COMMON_FIELDS,
  changesOf,
  type Draft,
  differences,
  draftOf,
  isNothing,
  readDraft,
  type SettingChange,
  VITAL_FIELDS,
} from './draft.ts';
import { withFilter } from './filter.ts';
import { Scope } from './filters.tsx';
import { isSound, UnitTable } from './limits-table.tsx';

/** What a unit has other than the preset of an age group: changed with a reason, and every version there was. */

type Read = {
  readonly present: AlarmSettings;
  readonly etag: string | undefined;
  readonly versions: readonly AlarmSettings[];
};

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
    server.get(AlarmSettings, settingsPath(unit, ageGroup), {}, signal),
    server.get(z.array(AlarmSettings), 'alarm-settings/versions', { unit }, signal),
  ]);
  if (!present.isOk) return present;
  if (!versions.isOk) return versions;
  const own = versions.value.filter((row) => row.ageGroup === ageGroup);
  return { isOk: true, value: { present: present.value, etag: present.etag, versions: own } };
};

export const SettingsView = (context: PageContext) => {
  const { text, voice, query, go, server } = context;
  const unit = query.unit ?? '';
  const ageGroup = AgeGroupSchema.catch('adult').parse(query.age);
  const { asked, again } = useAsked(`${unit} ${ageGroup}`, (signal) => read(server, unit, ageGroup, signal));
  const { value, refusal, isLoading } = asked.value;
  const saved = useSignal<{ readonly row: AlarmSettings; readonly words: string } | undefined>(undefined);
  return (
    <>
      <Scope hasBed={false} {...context}>
        <Choices
          label={text.ageGroup}
          value={ageGroup}
          choices={AgeGroupSchema.options.map((each) => ({ value: each, label: text.ageGroups[each] }))}
          onValue={(age) => go(withFilter(query, { age }))}
        />
      </Scope>
      {unit === '' && <p class="review-note">{text.settingsWhere}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {isLoading && unit !== '' && <p role="status">{partsText(voice.language).loading}</p>}
      {value && (
        <>
          <Editor
            // A saved draft is gone; settings that another person saved leave the draft as it is.
            key={`${unit} ${ageGroup} ${saved.value?.row.version}`}
            unit={unit}
            ageGroup={ageGroup}
            settings={value}
            onStored={(row, words) => {
              saved.value = { row, words };
              again();
            }}
            onStale={again}
            {...context}
          />
          <p role="status">
            {saved.value?.row.version === value.present.version &&
              value.present.version !== null &&
              text.saved(saved.value?.words ?? '', voice.number(value.present.version, 0))}
          </p>
          <Versions versions={value.versions} text={text} voice={voice} />
        </>
      )}
    </>
  );
};

type EditorProps = PageContext & {
  readonly unit: string;
  readonly ageGroup: AgeGroup;
  readonly settings: Read;
  readonly onStored: (row: AlarmSettings, words: string) => void;
  readonly onStale: () => void;
};

/** Who has changed what meanwhile; the versions below tell what else. */
const staleWords = ({ present }: Read, context: Pick<PageContext, 'text' | 'voice'>): string =>
  context.text.changedMeanwhile(
    present.author ?? '',
    present.createdAt === null ? '' : dayAndTime(present.createdAt, context.voice),
    summary(present, context),
  );

const changeWords = (changes: readonly SettingChange[], { text, voice }: Pick<PageContext, 'text' | 'voice'>): string =>
  changes
    .map(({ id, field, from, to }) => {
      const name = id === undefined ? '' : `${vital(id).label[voice.language]}, `;
      const of = (VITAL_FIELDS as readonly string[]).includes(field)
        ? text.fields[field as (typeof VITAL_FIELDS)[number]]
        : text.common[field as (typeof COMMON_FIELDS)[number]];
      return `${name}${of}: ${from} → ${to}`;
    })
    .join('; ');

/** The draft over what the unit has, and what would be saved of it. */
const useUnitDraft = ({ present }: Read, ageGroup: AgeGroup) => {
  const below = PRESETS[ageGroup];
  const draft = useSignal<Draft>(draftOf(present.overrides));
  const reading = readDraft(draft.value, present.overrides);
  const after = override(below, reading.overrides);
  const isChanged = JSON.stringify(draftOf(present.overrides)) !== JSON.stringify(draftOf(reading.overrides));
  const differing = differences(below, present.overrides, reading.overrides);
  const isReady = isChanged && isSound(reading, after);
  return {
    draft,
    below,
    reading,
    after,
    isReady,
    /** What a what-if is to put over the past. */
    proposed: isReady && !isNothing(differing) ? differing : undefined,
    changes: changesOf(below, present.overrides, reading.overrides),
  };
};

const Editor = ({ unit, ageGroup, settings, onStored, onStale, ...context }: EditorProps) => {
  const { text, voice, server, isOperator } = context;
  const { draft, below, reading, after, isReady, proposed, changes } = useUnitDraft(settings, ageGroup);
  const whose = `${unitName(context, unit)}, ${text.ageGroups[ageGroup]}`;
  const words = changeWords(changes, context);
  const saving = useSaving<AlarmSettings>({
    store: (reason) =>
      server.replace(
        AlarmSettings,
        settingsPath(unit, ageGroup),
        { overrides: reading.overrides, reason },
        settings.etag,
      ),
    onStored: (row) => onStored(row, `${whose}: ${words}`),
    onStale,
  });
  const refusedWords: Partial<Record<Refusal['reason'], string>> = {
    invalid: text.problems,
    stale: staleWords(settings, context),
  };
  const { refusal } = saving;
  const onDraft = (next: Draft): void => {
    draft.value = next;
    saving.clear();
  };
  const shared = { below, saved: settings.present.overrides, reading, after, text, voice };
  return (
    <LimitsEditor
      layout="below"
      intro={<p>{isOperator ? text.settingsHelp : text.readOnly}</p>}
      table={<UnitTable {...shared} draft={draft.value} isLocked={!isOperator} onDraft={onDraft} />}
      comparison={
        <Comparison path={`units/${encodeURIComponent(unit)}`} overrides={proposed} verb={text.tryFirst} {...context} />
      }
      mayChange={isOperator}
      form={{
        reasonLabel: text.reason,
        reasonHelp: text.reasonHint,
        verb: saving.isBusy.value ? text.saving : [text.saveFor(whose), words].filter(Boolean).join(': '),
        isReady,
      }}
      saving={saving}
      refusedWords={refusal.value && refusedWords[refusal.value.reason]}
      voice={voice}
    />
  );
};

type VersionsProps = Pick<PageContext, 'text' | 'voice'> & { readonly versions: readonly AlarmSettings[] };

/** What a version has, in words. */
const summary = ({ overrides }: AlarmSettings, { text, voice }: Pick<PageContext, 'text' | 'voice'>): string => {
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
          <div class="parts-dim">{summary(row, { text, voice })}</div>
        </li>
      ))}
    </ol>
  </section>
);
