import type { WaveEntry } from './entry.ts';

/** The leads of the ECG. Codes: the clinical reference; those of MCL and MCL1 are of Philips' table of terms. */

type Lead = WaveEntry & { readonly unit: 'mV' };

const lead = (name: string, mdc: number, mdcId: string): Lead => ({
  mdc,
  mdcId,
  loinc: null,
  aliases: [],
  unit: 'mV',
  label: { en: `ECG ${name}`, zh: `心电 ${name}` },
  plausible: [-50, 50],
  questionedBeyond: 10,
  colour: '#3ddc84',
});

export const ECG = {
  'ecg-i': lead('I', 131329, 'MDC_ECG_ELEC_POTL_I'),
  'ecg-ii': lead('II', 131330, 'MDC_ECG_ELEC_POTL_II'),
  'ecg-iii': lead('III', 131389, 'MDC_ECG_ELEC_POTL_III'),
  'ecg-v': lead('V', 131395, 'MDC_ECG_ELEC_POTL_V'),
  'ecg-avr': lead('aVR', 131390, 'MDC_ECG_ELEC_POTL_AVR'),
  'ecg-avl': lead('aVL', 131391, 'MDC_ECG_ELEC_POTL_AVL'),
  'ecg-avf': lead('aVF', 131392, 'MDC_ECG_ELEC_POTL_AVF'),
  'ecg-v1': lead('V1', 131331, 'MDC_ECG_ELEC_POTL_V1'),
  'ecg-v2': lead('V2', 131332, 'MDC_ECG_ELEC_POTL_V2'),
  'ecg-v3': lead('V3', 131333, 'MDC_ECG_ELEC_POTL_V3'),
  'ecg-v4': lead('V4', 131334, 'MDC_ECG_ELEC_POTL_V4'),
  'ecg-v5': lead('V5', 131335, 'MDC_ECG_ELEC_POTL_V5'),
  'ecg-v6': lead('V6', 131336, 'MDC_ECG_ELEC_POTL_V6'),
  'ecg-mcl': lead('MCL', 131403, 'MDC_ECG_ELEC_POTL_MCL'),
  'ecg-mcl1': lead('MCL1', 131404, 'MDC_ECG_ELEC_POTL_MCL1'),
  // A sender that does not tell the lead.
  ecg: lead('?', 131328, 'MDC_ECG_ELEC_POTL'),
} as const satisfies Record<string, WaveEntry>;
