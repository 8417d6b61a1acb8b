import { limits, NO_LIMITS, type VitalEntry } from './entry.ts';

/**
 * Temperatures whose site the device tells; `temperature` is one of a site that it does not tell. Codes: the clinical
 * reference, the monitoring value sets of the MII ICU module, and a table of Mindray.
 */

type Temperature = VitalEntry & { readonly unit: 'Cel' };
type Codes = Pick<VitalEntry, 'mdc' | 'mdcId' | 'loinc'> & { readonly aliases?: readonly string[] };

const at = (names: Pick<VitalEntry, 'label' | 'short'>, { aliases = [], ...codes }: Codes): Temperature => ({
  ...codes,
  ...names,
  aliases,
  unit: 'Cel',
  plausible: [0, 50],
  hysteresis: 0.1,
  decimals: 1,
  measured: 'intermittent',
  limits: NO_LIMITS,
  presetRevision: 4,
  colour: '#f48fb1',
});

/** [?] Deep in the body the limits are those of `temperature`; at the skin there is no such thing as a normal one. */
const deep = (names: Pick<VitalEntry, 'label' | 'short'>, codes: Codes): Temperature => ({
  ...at(names, codes),
  plausible: [10, 50],
  limits: limits([36, 39]),
});

export const TEMPERATURES = {
  'core-temperature': deep(
    { label: { en: 'Core temperature', zh: '核心体温' }, short: 'T core' },
    { mdc: 150368, mdcId: 'MDC_TEMP_CORE', loinc: '8329-5' },
  ),
  'oesophageal-temperature': deep(
    { label: { en: 'Oesophageal temperature', zh: '食管温度' }, short: 'T oes' },
    { mdc: 150372, mdcId: 'MDC_TEMP_ESOPH', loinc: '60836-4' },
  ),
  'nasopharyngeal-temperature': deep(
    { label: { en: 'Nasopharyngeal temperature', zh: '鼻咽温度' }, short: 'T naso' },
    { mdc: 150380, mdcId: 'MDC_TEMP_NASOPH', loinc: null },
  ),
  'bladder-temperature': deep(
    { label: { en: 'Bladder temperature', zh: '膀胱温度' }, short: 'T blad' },
    // 192708 is Philips' own term, of the same site.
    { mdc: 150348, mdcId: 'MDC_TEMP_FOLEY', loinc: '8334-5', aliases: ['192708'] },
  ),
  'rectal-temperature': deep(
    { label: { en: 'Rectal temperature', zh: '直肠温度' }, short: 'T rect' },
    { mdc: 188420, mdcId: 'MDC_TEMP_RECT', loinc: '8332-9' },
  ),
  'tympanic-temperature': deep(
    { label: { en: 'Tympanic temperature', zh: '鼓膜温度' }, short: 'T tymp' },
    { mdc: 150392, mdcId: 'MDC_TEMP_TYMP', loinc: '8333-7' },
  ),
  'oral-temperature': at(
    { label: { en: 'Oral temperature', zh: '口腔温度' }, short: 'T oral' },
    { mdc: 188424, mdcId: 'MDC_TEMP_ORAL', loinc: '8331-1' },
  ),
  'axillary-temperature': at(
    { label: { en: 'Axillary temperature', zh: '腋下温度' }, short: 'T axil' },
    { mdc: 188496, mdcId: 'MDC_TEMP_AXIL', loinc: '8328-7', aliases: ['188452'] },
  ),
  'skin-temperature': at(
    { label: { en: 'Skin temperature', zh: '皮肤温度' }, short: 'T skin' },
    { mdc: 150388, mdcId: 'MDC_TEMP_SKIN', loinc: null },
  ),
} as const satisfies Record<string, VitalEntry>;
