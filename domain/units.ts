/** UCUM units that senders use, and their conversion to the unit the catalogue stores. */

type Dimension = 'frequency' | 'fraction' | 'pressure' | 'temperature' | 'potential' | 'resistance';

/** base = value × factor + offset, the base being the unit with factor 1 and offset 0. */
type UnitEntry = { readonly dimension: Dimension; readonly factor: number; readonly offset: number };

const unit = (dimension: Dimension, factor = 1, offset = 0): UnitEntry => ({ dimension, factor, offset });

const UNITS: ReadonlyMap<string, UnitEntry> = new Map([
  ['/min', unit('frequency')],
  ['1/min', unit('frequency')],
  ['{beat}/min', unit('frequency')],
  ['{beats}/min', unit('frequency')],
  ['{pulse}/min', unit('frequency')],
  ['{resp}/min', unit('frequency')],
  ['{breath}/min', unit('frequency')],
  ['{breaths}/min', unit('frequency')],
  ['Hz', unit('frequency', 60)],
  ['/s', unit('frequency', 60)],
  ['%', unit('fraction')],
  ['1', unit('fraction', 100)],
  ['mm[Hg]', unit('pressure')],
  ['kPa', unit('pressure', 7.500615758456564)],
  ['Pa', unit('pressure', 0.007500615758456564)],
  ['hPa', unit('pressure', 0.7500615758456564)],
  ['mbar', unit('pressure', 0.7500615758456564)],
  ['cm[H2O]', unit('pressure', 0.7355591)],
  ['Cel', unit('temperature')],
  ['K', unit('temperature', 1, -273.15)],
  ['[degF]', unit('temperature', 5 / 9, -160 / 9)],
  ['mV', unit('potential')],
  ['uV', unit('potential', 0.001)],
  ['V', unit('potential', 1000)],
  ['Ohm', unit('resistance')],
  ['mOhm', unit('resistance', 0.001)],
  ['kOhm', unit('resistance', 1000)],
]);

export type Conversion = { readonly factor: number; readonly offset: number };

const IDENTITY: Conversion = { factor: 1, offset: 0 };

/** How to bring a value from one UCUM unit into another, or undefined when the two do not measure the same thing. */
export const findConversion = (from: string, to: string): Conversion | undefined => {
  if (from === to) return IDENTITY;
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (!source || !target || source.dimension !== target.dimension) return undefined;
  return { factor: source.factor / target.factor, offset: (source.offset - target.offset) / target.factor };
};

// Twelve significant digits undo the binary noise of a conversion (98.6 °F is 37 °C, not 37.00000000000001).
export const convert = (value: number, { factor, offset }: Conversion): number =>
  factor === 1 && offset === 0 ? value : Number((value * factor + offset).toPrecision(12));
