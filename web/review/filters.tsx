import type { ComponentChildren } from 'preact';
import { CONDITION_IDS, condition, KIND_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { kindText } from '../parts/alarm-text.ts';
import { type Choice, Choices } from '../parts/form.tsx';
import { TimeField } from '../parts/time-field.tsx';
import type { PageContext } from './context.ts';
import { hoursOf, isCustomRange, LAST_HOURS, rangeOf, withFilter } from './filter.ts';

/** Where and when, and of what kind: each choice is in the address at once. */

const HOURS_A_DAY = 24;
const CUSTOM = 'custom';

const Range = (context: PageContext) => {
  const { text, query, go, now, voice } = context;
  const isCustom = isCustomRange(query);
  const { fromMs, toMs } = rangeOf(query, now());
  const put = (from: number, to: number): void => {
    go(withFilter(query, { last: '', from: new Date(from).toISOString(), to: new Date(to).toISOString() }));
  };
  const label = (hours: number): string => {
    const isDays = hours > HOURS_A_DAY;
    const count = voice.number(isDays ? hours / HOURS_A_DAY : hours, 0);
    return isDays ? text.lastDays(count) : text.lastHours(count);
  };
  return (
    <>
      <Choices
        label={text.range}
        value={isCustom ? CUSTOM : String(hoursOf(query))}
        choices={[
          ...LAST_HOURS.map((hours) => ({ value: String(hours), label: label(hours) })),
          { value: CUSTOM, label: text.customRange },
        ]}
        onValue={(value) =>
          value === CUSTOM ? put(fromMs, toMs) : go(withFilter(query, { last: value, from: '', to: '' }))
        }
      />
      {isCustom && (
        <>
          <TimeField
            className="parts-field"
            label={text.from}
            value={{ ms: fromMs }}
            onValue={(value) => typeof value === 'object' && put(value.ms, toMs)}
            voice={voice}
            step={60}
          />
          <TimeField
            className="parts-field"
            label={text.to}
            value={{ ms: toMs }}
            onValue={(value) => typeof value === 'object' && put(fromMs, value.ms)}
            voice={voice}
            step={60}
          />
        </>
      )}
    </>
  );
};

/** Unit, bed and time: what every view looks at. */
export const Scope = (context: PageContext & { readonly children?: ComponentChildren; readonly hasBed?: boolean }) => {
  const { text, query, go, places, hasBed = true, children } = context;
  const { unit = '', bed = '' } = query;
  const all = { value: '', label: text.all };
  return (
    <fieldset class="review-filters">
      <Choices
        label={text.unit}
        value={unit}
        choices={[all, ...places.units.map(({ id, name }) => ({ value: id, label: name }))]}
        onValue={(value) => go(withFilter(query, { unit: value, bed: '' }))}
      />
      {hasBed && (
        <Choices
          label={text.bed}
          value={bed}
          choices={[
            all,
            ...places.beds
              .filter((each) => unit === '' || each.unit === unit)
              .map(({ id, label }) => ({ value: id, label })),
          ]}
          onValue={(value) => go(withFilter(query, { bed: value }))}
        />
      )}
      <Range {...context} />
      {children}
    </fieldset>
  );
};

/** Filters that only the history has. */
export const KindFilters = ({ text, voice, query, go }: PageContext) => {
  const choose = (name: string, label: string, choices: readonly Choice[]) => (
    <Choices
      label={label}
      value={query[name] ?? ''}
      choices={[{ value: '', label: text.all }, ...choices]}
      onValue={(value) => go(withFilter(query, { [name]: value }))}
    />
  );
  return (
    <>
      {choose(
        'priority',
        text.priority,
        PRIORITIES.toReversed().map((value) => ({ value, label: voice.text.priorities[value] })),
      )}
      {choose('type', text.type, [
        { value: 'physiological', label: text.types.physiological },
        { value: 'technical', label: text.types.technical },
      ])}
      {choose(
        'kind',
        text.kind,
        KIND_IDS.map((value) => ({ value, label: kindText(value, voice) })),
      )}
      {choose(
        'condition',
        text.condition,
        CONDITION_IDS.map((value) => ({ value, label: condition(value).label[voice.language] })),
      )}
      {choose('open', text.open, [
        { value: 'true', label: text.openYes },
        { value: 'false', label: text.openNo },
      ])}
      {choose('late', text.late, [
        { value: 'true', label: text.lateYes },
        { value: 'false', label: text.lateNo },
      ])}
    </>
  );
};
