import { z } from 'zod';
import { Bed } from '#contracts/http/beds.ts';
import { Unit } from '#contracts/http/units.ts';
import type { PageProps } from '../shell/page.ts';
import type { Answer, Server } from '../shell/server.ts';
import type { Query } from './filter.ts';
import type { ReviewText } from './text/en.ts';

/** Units and beds as they are named. */
export type Places = { readonly units: readonly Unit[]; readonly beds: readonly Bed[] };

export const readPlaces = async (server: Server, signal: AbortSignal): Promise<Answer<Places>> => {
  const [units, beds] = await Promise.all([
    server.get(z.array(Unit), 'units', {}, signal),
    server.get(z.array(Bed), 'beds', {}, signal),
  ]);
  if (!units.isOk) return units;
  return beds.isOk ? { isOk: true, value: { units: units.value, beds: beds.value } } : beds;
};

/** What every view of the page works with. */
export type PageContext = Pick<PageProps, 'server' | 'voice' | 'router'> & {
  readonly text: ReviewText;
  readonly query: Query;
  readonly go: (query: Query) => void;
  readonly places: Places;
  readonly isOperator: boolean;
  /** The present, by the station's clock where it is known. */
  readonly now: () => number;
};

/** A bed as people know it, such as `ICU 2 · Intensive care`; an id that is no longer on record stays an id. */
export const bedName = ({ places }: Pick<PageContext, 'places'>, id: string): string => {
  const bed = places.beds.find((each) => each.id === id);
  if (!bed) return id;
  const unit = places.units.find((each) => each.id === bed.unit);
  return unit && places.units.length > 1 ? `${bed.label} · ${unit.name}` : bed.label;
};

export const unitName = ({ places }: Pick<PageContext, 'places'>, id: string): string =>
  places.units.find((each) => each.id === id)?.name ?? id;
