/** What is looked at, as it stands in the address: a link reproduces it. */

export const VIEWS = ['history', 'monitors', 'burden', 'what-if', 'settings'] as const;
export type View = (typeof VIEWS)[number];

export type Query = Readonly<Record<string, string>>;

/** The range in hours; any other range stands as `from` and `to`. */
export const LAST_HOURS = [8, 24, 72, 168, 720] as const;
const DEFAULT_HOURS = 24;
const HOUR_MS = 3_600_000;

export const queryOf = (search: URLSearchParams): Query => Object.fromEntries(search);

export const viewOf = (query: Query): View => VIEWS.find((view) => view === query.view) ?? 'history';

/** Parts of the address that mean nothing under another filter. */
const PLACE = ['before', 'alarm'] as const;

/** Empty texts take out. Another filter begins at its first page. */
export const withFilter = (query: Query, changes: Query): Query => {
  const next: Record<string, string> = { ...query };
  for (const key of PLACE) delete next[key];
  return withPlace(next, changes);
};

/** The same filter, at another page or alarm. */
export const withPlace = (query: Query, changes: Query): Query =>
  Object.fromEntries(Object.entries({ ...query, ...changes }).filter(([, value]) => value !== ''));

/** Another view of the same beds and time. */
export const otherView = ({ unit = '', bed = '', last = '', from = '', to = '' }: Query, view: View): Query =>
  withPlace({}, { view: view === 'history' ? '' : view, unit, bed, last, from, to });

export const isCustomRange = (query: Query): boolean => query.from !== undefined;

export const hoursOf = ({ last }: Query): number => {
  const hours = Number(last);
  return Number.isFinite(hours) && hours > 0 ? hours : DEFAULT_HOURS;
};

const timeOf = (text: string | undefined): number | undefined => {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? ms : undefined;
};

/** The range [fromMs, toMs). An address may hold any text: its times are used as far as they make sense. */
export const rangeOf = (query: Query, nowMs: number): { fromMs: number; toMs: number } => {
  const toMs = timeOf(query.to) ?? nowMs;
  const fromMs = timeOf(query.from);
  if (fromMs !== undefined && fromMs < toMs) return { fromMs, toMs };
  return { fromMs: toMs - hoursOf(query) * HOUR_MS, toMs };
};

const FILTERS = ['unit', 'bed', 'priority', 'type', 'kind', 'condition', 'open', 'late', 'before'] as const;

export const PAGE_SIZE = 50;

/** The parameters of `GET alarms`. */
export const historyRequest = (query: Query, nowMs: number): Record<string, string | number | undefined> => {
  const { fromMs, toMs } = rangeOf(query, nowMs);
  return {
    ...Object.fromEntries(FILTERS.map((name) => [name, query[name]])),
    from: new Date(fromMs).toISOString(),
    // A range up to now has no end, so that what begins at this very moment is in it.
    to: query.to === undefined ? undefined : new Date(toMs).toISOString(),
    limit: PAGE_SIZE,
  };
};

/** A new question is asked when this changes, and not with the clock. */
export const keyOf = (query: Query, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => query[name] ?? ''));

export const HISTORY_KEYS: readonly string[] = [...FILTERS, 'last', 'from', 'to'];
export const SCOPE_KEYS: readonly string[] = ['unit', 'bed', 'last', 'from', 'to'];
