/** Units that senders use, in UCUM and as people write them, and their conversion to the units of the catalogue. */

type Dimension = 'frequency' | 'fraction' | 'pressure' | 'temperature' | 'potential' | 'resistance' | 'volume' | 'flow';

/** base = value × factor + offset, the base being the unit with factor 1 and offset 0. */
type UnitEntry = { readonly dimension: Dimension; readonly factor: number; readonly offset: number };

const MMHG_PER_PASCAL = 0.007500615758456564;
const MMHG_PER_CM_WATER = 0.7355591;

/**
 * Names are written without annotations, spaces and multiplication signs. Upper and lower case make no difference,
 * except in the names of EXACT. MDC names are the unit codes of ISO/IEEE 11073-10101 that monitors send, by reference
 * id and by number.
 */
const NAMES: readonly (readonly [Dimension, factor: number, offset: number, names: string])[] = [
  ['frequency', 1, 0, '/min 1/min min-1 min^-1 min**-1 bpm brpm rpm pm'],
  ['frequency', 1, 0, 'beat/min beats/min pulse/min pulses/min breath/min breaths/min resp/min resps/min'],
  ['frequency', 1, 0, 'beats/minute pulses/minute breaths/minute /minute 1/minute permin perminute 次/分 次/分钟'],
  ['frequency', 1, 0, 'mdc_dim_beat_per_min 264864 mdc_dim_puls_per_min 264896 mdc_dim_resp_per_min 264928'],
  ['frequency', 60, 0, 'hz /s 1/s s-1 s^-1 mdc_dim_x_hz'],
  ['fraction', 1, 0, '% pct percent mdc_dim_percent 262688'],
  ['fraction', 100, 0, '1 mdc_dim_dimless 262656'],
  ['pressure', 1, 0, 'mm[hg] mmhg torr 毫米汞柱 mdc_dim_mmhg 266016'],
  ['pressure', 10, 0, 'cm[hg] cmhg'],
  ['pressure', MMHG_PER_PASCAL, 0, 'pascal mdc_dim_pascal'],
  ['pressure', MMHG_PER_PASCAL * 100, 0, 'hpa mbar mdc_dim_hecto_pascal'],
  ['pressure', MMHG_PER_PASCAL * 1_000, 0, 'kpa 千帕 mdc_dim_kilo_pascal'],
  ['pressure', MMHG_PER_CM_WATER, 0, 'cm[h2o] cmh2o mdc_dim_cm_h2o'],
  ['pressure', MMHG_PER_CM_WATER / 10, 0, 'mm[h2o] mmh2o'],
  ['temperature', 1, 0, 'cel °c degc c celsius degreecelsius degreescelsius 摄氏度 mdc_dim_degc 268192'],
  ['temperature', 1, -273.15, 'k kelvin mdc_dim_kelvin'],
  ['temperature', 5 / 9, -160 / 9, '[degf] °f degf f fahrenheit degreefahrenheit degreesfahrenheit mdc_dim_fahr'],
  ['potential', 0.001, 0, 'uv mcv microvolt mdc_dim_micro_volt'],
  ['potential', 1_000, 0, 'v volt mdc_dim_x_volt'],
  ['potential', 1, 0, 'millivolt mdc_dim_milli_volt 266418'],
  // A millimetre of an ECG is a tenth of a millivolt: every monitor counts ST levels so, whatever the gain of its screen.
  ['potential', 0.1, 0, 'mm mdc_dim_milli_m'],
  ['volume', 1, 0, 'ml millilitre milliliter cc cm3 cm^3 毫升 mdc_dim_milli_l'],
  ['volume', 1_000, 0, 'l litre liter dm3 升 mdc_dim_x_l'],
  ['flow', 1, 0, 'l/min lpm l.min-1 升/分 mdc_dim_x_l_per_min'],
  ['flow', 0.001, 0, 'ml/min mdc_dim_milli_l_per_min'],
  ['flow', 60, 0, 'l/s mdc_dim_x_l_per_sec'],
  ['flow', 0.06, 0, 'ml/s mdc_dim_milli_l_per_sec'],
  ['resistance', 1, 0, 'ohm Ω mdc_dim_x_ohm'],
  ['resistance', 1_000, 0, 'kohm kΩ'],
];

/** In these names the case distinguishes milli from mega, so no other spelling is accepted. */
const EXACT: readonly (readonly [Dimension, factor: number, offset: number, names: string])[] = [
  ['potential', 1, 0, 'mV mv'],
  ['resistance', 0.001, 0, 'mOhm mohm mΩ'],
  ['pressure', MMHG_PER_PASCAL, 0, 'Pa pa'],
];

const index = (rows: typeof NAMES, write: (name: string) => string): ReadonlyMap<string, UnitEntry> =>
  new Map(
    rows.flatMap(([dimension, factor, offset, names]) =>
      names.split(' ').map((name) => [write(name), { dimension, factor, offset }] as const),
    ),
  );

/**
 * NFKC makes one spelling of full-width signs, `℃`, `²` and both code points of `µ`. Annotations in braces do not
 * change the size of a unit.
 */
const normalise = (unit: string): string =>
  unit
    .replace(/\{[^{}]*\}/g, '')
    .replaceAll('º', '°')
    .normalize('NFKC')
    .replace(/[\u2212\u2010\u2013]/g, '-')
    .replaceAll('μ', 'u')
    .replace(/\s+/g, '')
    .replace(/^[.·⋅]/, '');

const exact = index(EXACT, normalise);
const byName = index(NAMES, (name) => normalise(name).toLowerCase());

const findUnit = (unit: string): UnitEntry | undefined => {
  const written = normalise(unit);
  return exact.get(written) ?? byName.get(written.toLowerCase());
};

export type Conversion = { readonly factor: number; readonly offset: number };

const IDENTITY: Conversion = { factor: 1, offset: 0 };

/**
 * How to convert a value from one unit to another; undefined when a unit is unknown or the two measure different
 * things.
 */
export const findConversion = (from: string, to: string): Conversion | undefined => {
  if (from === to) return IDENTITY;
  const source = findUnit(from);
  const target = findUnit(to);
  if (!source || !target || source.dimension !== target.dimension) return undefined;
  return { factor: source.factor / target.factor, offset: (source.offset - target.offset) / target.factor };
};

// Twelve significant digits undo the binary noise of a conversion (98.6 °F is 37 °C, not 37.00000000000001).
export const convert = (value: number, { factor, offset }: Conversion): number =>
  factor === 1 && offset === 0 ? value : Number((value * factor + offset).toPrecision(12));
