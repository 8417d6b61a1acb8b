import { useSignal } from '@preact/signals';
import { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import { AlarmConfig, override, PRESETS, resolveConfig } from '#domain/alarms/settings.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import type { Answer, Server } from '../shell/server.ts';
import { Comparison } from './comparison.tsx';
import type { PageContext } from './context.ts';
import { type Draft, isNothing, readDraft } from './draft.ts';
import { Scope } from './filters.tsx';
import { isSound, UnitTable } from './limits-table.tsx';

/** What other settings would have done to past hours of a bed or of a unit. Saves nothing. */

const readBelow = async (
  server: Server,
  { unit, bed }: { unit: string | undefined; bed: string | undefined },
  signal: AbortSignal,
): Promise<Answer<AlarmConfig>> => {
  if (bed) return server.get(AlarmConfig, `beds/${encodeURIComponent(bed)}/alarm-settings`, {}, signal);
  if (!unit) return { isOk: true, value: PRESETS.adult };
  const path = `units/${encodeURIComponent(unit)}/alarm-settings/adult`;
  const row = await server.get(AlarmSettings, path, {}, signal);
  if (!row.isOk) return row;
  const { version, overrides } = row.value;
  return { isOk: true, value: resolveConfig('adult', { version: version ?? 0, overrides }, undefined) };
};

export const WhatIfView = (context: PageContext) => {
  const { text, voice, query, server } = context;
  const { unit, bed } = query;
  const { asked, again } = useAsked(`${unit} ${bed}`, (signal) => readBelow(server, { unit, bed }, signal));
  const draft = useSignal<Draft>({});
  const below = asked.value.value ?? PRESETS.adult;
  const reading = readDraft(draft.value);
  const after = override(below, reading.overrides);
  const isReady = isSound(reading, after) && !isNothing(reading.overrides);
  const path = bed ? `beds/${encodeURIComponent(bed)}` : unit && `units/${encodeURIComponent(unit)}`;
  return (
    <>
      <Scope {...context} />
      <p>{text.whatIfHelp}</p>
      <Refused refusal={asked.value.refusal} voice={voice} onAgain={again} />
      {path ? (
        <>
          <UnitTable
            draft={draft.value}
            reading={reading}
            below={below}
            after={after}
            text={text}
            voice={voice}
            onDraft={(next) => {
              draft.value = next;
            }}
          />
          <p class="parts-dim">{text.whatIfLong}</p>
          <Comparison
            key={path}
            path={path}
            overrides={isReady ? reading.overrides : undefined}
            verb={text.ask}
            {...context}
          />
        </>
      ) : (
        <p class="review-note">{text.whatIfWhere}</p>
      )}
    </>
  );
};
