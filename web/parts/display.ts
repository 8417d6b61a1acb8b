import { type VitalId, type VitalUnit, vital } from '#domain/vitals.ts';

/**
 * Where and how each vital is shown, on every page. A vital of the catalogue that has no entry here does not compile. An
 * entry that says nothing is a good one: the bed view then has a number and a trend of the vital, under the catalogue's short
 * name. The entries stand in the order of the numbers of a bed.
 */

/** The places of a tile, the largest first; each has its room in `wall/styles/tile.css`. */
const TILE_PLACES = {
  rate: { usual: 'heart-rate' },
  spo2: { usual: 'spo2' },
  respiration: { usual: 'respiratory-rate' },
  pressure: { usual: 'nibp-systolic' },
  temperature: { usual: 'temperature' },
  etco2: { usual: 'etco2', isOptional: true },
} as const satisfies Record<string, TilePlaceEntry>;

/** `usual` names the place while nothing has been heard; an optional place is left out until then. */
type TilePlaceEntry = { readonly usual: VitalId; readonly isOptional?: boolean };

type TilePlace = keyof typeof TILE_PLACES;

/** A pressure is shown as a whole: `name` is the row's key and, in capitals, its short name. */
type Pressure = { readonly name: 'abp' | 'nibp' | 'pap'; readonly diastolic: VitalId; readonly mean: VitalId };

type Entry = {
  /** The place of a tile that the vital can fill. Where several can, the first in this table goes before the others. */
  readonly tile?: TilePlace;
  /** The numbers of a bed keep room for it before it was heard. */
  readonly isExpected?: boolean;
  readonly pressure?: Pressure;
  /** What a trend spans at least, in the vital's unit: a heart rate that wavers by two must not look like a crisis. */
  readonly trendSpan?: number;
  /** The trend stands below that of this vital, and not in the order of the table. */
  readonly trendBelow?: VitalId;
  /** The tile draws the last hour as a small line that spans at least this, so that rest looks like rest. */
  readonly sparkSpan?: number;
};

/** The vital is shown with another one, and nowhere for itself. */
type Part = { readonly partOf: VitalId };

const DISPLAY: Readonly<Record<VitalId, Entry | Part>> = {
  'heart-rate': { tile: 'rate', isExpected: true, sparkSpan: 40 },
  spo2: { tile: 'spo2', isExpected: true, trendSpan: 10, sparkSpan: 10 },
  'respiratory-rate': { tile: 'respiration', isExpected: true },
  'impedance-respiratory-rate': { trendBelow: 'respiratory-rate' },
  'co2-respiratory-rate': { trendBelow: 'respiratory-rate' },
  'ventilator-respiratory-rate': { trendBelow: 'respiratory-rate' },
  'abp-systolic': { tile: 'pressure', pressure: { name: 'abp', diastolic: 'abp-diastolic', mean: 'abp-mean' } },
  'abp-diastolic': { partOf: 'abp-systolic' },
  'abp-mean': { partOf: 'abp-systolic' },
  'nibp-systolic': { tile: 'pressure', pressure: { name: 'nibp', diastolic: 'nibp-diastolic', mean: 'nibp-mean' } },
  'nibp-diastolic': { partOf: 'nibp-systolic' },
  'nibp-mean': { partOf: 'nibp-systolic' },
  'pap-systolic': { trendSpan: 20, pressure: { name: 'pap', diastolic: 'pap-diastolic', mean: 'pap-mean' } },
  'pap-diastolic': { partOf: 'pap-systolic' },
  'pap-mean': { partOf: 'pap-systolic' },
  'pulse-rate': { tile: 'rate', trendBelow: 'heart-rate', sparkSpan: 40 },
  temperature: { tile: 'temperature', trendSpan: 2 },
  'core-temperature': { tile: 'temperature', trendSpan: 2 },
  'oesophageal-temperature': { tile: 'temperature', trendSpan: 2 },
  'nasopharyngeal-temperature': { tile: 'temperature', trendSpan: 2 },
  'bladder-temperature': { tile: 'temperature', trendSpan: 2 },
  'rectal-temperature': { tile: 'temperature', trendSpan: 2 },
  'tympanic-temperature': { tile: 'temperature', trendSpan: 2 },
  'oral-temperature': { trendSpan: 2 },
  'axillary-temperature': { trendSpan: 2 },
  'skin-temperature': { trendSpan: 2 },
  etco2: { tile: 'etco2' },
  cvp: { trendSpan: 10 },
  icp: { trendSpan: 20 },
  fio2: {},
  'fio2-set': {},
  'tidal-volume': { trendSpan: 200 },
  'minute-volume': { trendSpan: 5 },
  peep: { trendSpan: 10 },
  'peak-pressure': { trendSpan: 20 },
  'plateau-pressure': { trendSpan: 20 },
  svo2: { trendSpan: 10 },
  bis: {},
  'perfusion-index': { trendSpan: 2 },
  'urine-output': { trendSpan: 100 },
  'pvc-rate': { trendSpan: 10 },
  'st-i': { trendSpan: 0.4 },
  'st-ii': { trendSpan: 0.4 },
  'st-iii': { trendSpan: 0.4 },
  'st-avr': { trendSpan: 0.4 },
  'st-avl': { trendSpan: 0.4 },
  'st-avf': { trendSpan: 0.4 },
  'st-v': { trendSpan: 0.4 },
  'st-v1': { trendSpan: 0.4 },
  'st-v2': { trendSpan: 0.4 },
  'st-v3': { trendSpan: 0.4 },
  'st-v4': { trendSpan: 0.4 },
  'st-v5': { trendSpan: 0.4 },
  'st-v6': { trendSpan: 0.4 },
};

const DEFAULT_TREND_SPAN = 30;

export type RowKey = VitalId | Pressure['name'];

/** What is shown as one: a vital, or a pressure with its parts. */
export type Row = {
  readonly key: RowKey;
  /** Gives the row its unit and its colour. */
  readonly main: VitalId;
  readonly diastolic?: VitalId;
  readonly mean?: VitalId;
  /** All of them, the main one first. */
  readonly vitals: readonly VitalId[];
  readonly short: string;
  readonly trendSpan: number;
};

type Placed = { readonly row: Row; readonly entry: Entry };

const rowOf = (main: VitalId, { pressure, trendSpan = DEFAULT_TREND_SPAN }: Entry): Row => {
  if (!pressure) return { key: main, main, vitals: [main], short: vital(main).short, trendSpan };
  const { name, diastolic, mean } = pressure;
  const vitals = [main, diastolic, mean];
  return { key: name, main, diastolic, mean, vitals, short: name.toUpperCase(), trendSpan };
};

/** The rows in the order of the table, which has every vital. */
const PLACED: readonly Placed[] = (Object.keys(DISPLAY) as VitalId[]).flatMap((main) => {
  const entry = DISPLAY[main];
  return 'partOf' in entry ? [] : [{ row: rowOf(main, entry), entry }];
});

/** What a language has for rows and units. */
type Names = {
  readonly shortNames: Readonly<Partial<Record<RowKey, string>>>;
  readonly units: Readonly<Record<VitalUnit, string>>;
};

/** The short name of a row: the catalogue's, unless the language has a word of its own for this very row. */
export const shortName = ({ key, short }: Row, { shortNames }: Names): string => shortNames[key] ?? short;

/** A place to be filled by the first of its rows that has something to show. `usual` names it while none has been heard. */
export type Slot = {
  readonly key: string;
  readonly rows: readonly Row[];
  readonly usual: Row;
  /** It is there before anything has been heard. */
  readonly isAlways: boolean;
};

const tileSlot = ([key, { usual, isOptional = false }]: [string, TilePlaceEntry]): readonly Slot[] => {
  const rows = PLACED.filter(({ entry }) => entry.tile === key).map(({ row }) => row);
  const named = rows.find(({ main }) => main === usual);
  return named ? [{ key, rows, usual: named, isAlways: !isOptional }] : [];
};

export const TILE_SLOTS: readonly Slot[] = Object.entries<TilePlaceEntry>(TILE_PLACES).flatMap(tileSlot);

/** At a bed each row has a place of its own. */
export const BED_SLOTS: readonly Slot[] = PLACED.map(({ row, entry: { isExpected = false } }) => ({
  key: row.key,
  rows: [row],
  usual: row,
  isAlways: isExpected,
}));

const below = (main: VitalId): readonly Row[] =>
  PLACED.filter(({ entry }) => entry.trendBelow === main).map(({ row }) => row);

export const TREND_ROWS: readonly Row[] = PLACED.filter(({ entry }) => !entry.trendBelow).flatMap(({ row }) => [
  row,
  ...below(row.main),
]);

/** What the line of the last hour of a vital spans at least. */
export const SPARK_SPANS: ReadonlyMap<VitalId, number> = new Map(
  PLACED.flatMap(({ row, entry }) => (entry.sparkSpan === undefined ? [] : [[row.main, entry.sparkSpan] as const])),
);

/** Its unit as people write it. */
export const unitText = (id: VitalId, { units }: Names): string => units[vital(id).unit];
