import type { UnitView } from '../wall/board.ts';
import type { Wall } from '../wall/wall.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './text/language.ts';

type Props = { readonly wall: Wall; readonly settings: Settings; readonly voice: Voice };

const nameOf = ({ name, unwatched }: UnitView, { text, number }: Voice): string =>
  unwatched === 0 ? name : `${name} (${text.notWatchedCount(number(unwatched, 0))})`;

/** Which units are on this screen. Their alarms are seen and heard here, and no others: the button says so by name. */
export const UnitChooser = ({ wall, settings, voice }: Props) => {
  const { text } = voice;
  const units = wall.board.units.value;
  if (units.length < 2) return null;
  const followed = units.filter(({ isFollowed }) => isFollowed);
  const isAll = followed.length === units.length;
  const toggle = (id: string): void => {
    const ids = units.filter((unit) => (unit.id === id ? !unit.isFollowed : unit.isFollowed)).map((unit) => unit.id);
    settings.setUnits(ids.length === units.length ? [] : ids);
  };
  return (
    <details class={isAll ? 'units' : 'units some-units'}>
      <summary>
        <span>{isAll ? text.allUnits : followed.map(({ name }) => name).join(', ')}</span>
      </summary>
      <fieldset>
        <legend>{text.wards}</legend>
        <label>
          <input type="checkbox" checked={isAll} disabled={isAll} onChange={() => settings.setUnits([])} />
          {text.allUnits}
        </label>
        {units.map((unit) => (
          <label key={unit.id}>
            <input
              type="checkbox"
              checked={unit.isFollowed}
              disabled={unit.isFollowed && followed.length === 1}
              onChange={() => toggle(unit.id)}
            />
            {nameOf(unit, voice)}
          </label>
        ))}
      </fieldset>
    </details>
  );
};
