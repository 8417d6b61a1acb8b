import { type Conditions, createLevel, type LimitSide, type WaitRule, waitOfLimit } from './level.ts';

/**
 * `{vital}-low`: a value below its limit, and what is worse than that (sections 2 and 3 of the specification).
 * Priorities: limit alarms medium (Mindray, Philips), life-threatening ones high (clause 6.1.2: death or irreversible
 * injury with immediate onset).
 */

export const conditions = {
  'low-limit': { type: 'physiological', priority: 'medium', label: { en: 'low', zh: '过低' }, isOfAnyVital: true },
  'extreme-bradycardia': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'Extreme bradycardia', zh: '极度心动过缓' },
  },
  'extreme-hypotension': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'Extreme hypotension', zh: '极度低血压' },
  },
  desaturation: { type: 'physiological', priority: 'high', label: { en: 'Desaturation', zh: '血氧严重下降' } },
  'no-beats': {
    type: 'physiological',
    priority: 'medium',
    label: { en: 'No beats since connecting: check patient', zh: '接入后未见心搏：请查看病人' },
  },
  'no-signs': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'No beats, pulse or breaths measured: check patient', zh: '未测到心搏、脉搏或呼吸：请查看病人' },
  },
  asystole: { type: 'physiological', priority: 'high', label: { en: 'Asystole', zh: '心搏停止' } },
  apnoea: { type: 'physiological', priority: 'high', label: { en: 'Apnoea', zh: '呼吸暂停' } },
} as const satisfies Conditions;

const waitOfExtreme: WaitRule = ({ extremeLowDelayMs, extremeDelayMs, extremeReadings }) => ({
  delayMs: extremeLowDelayMs ?? extremeDelayMs,
  readings: extremeReadings,
});

const waitOfNoBeats: WaitRule = (_settings, { noBeatsDelayMs }) => ({ delayMs: noBeatsDelayMs, readings: 1 });

const waitOfAsystole: WaitRule = (_settings, { asystoleDelayMs, zeroReadings }) => ({
  delayMs: asystoleDelayMs,
  readings: zeroReadings,
});

const waitOfApnoea: WaitRule = (_settings, { apnoeaDelayMs, zeroReadings }) => ({
  delayMs: apnoeaDelayMs,
  readings: zeroReadings,
});

/** Once a beat was seen, everything at 0 is as urgent as an asystole (B6). */
const waitOfNoSigns: WaitRule = (settings, config, state) =>
  state.hasBeaten
    ? waitOfAsystole(settings, config, state)
    : { delayMs: config.noBeatsDelayMs, readings: config.zeroReadings };

const level = createLevel(conditions);
const BRADYCARDIA = level('extreme-bradycardia', 'extreme', waitOfExtreme);
const HYPOTENSION = level('extreme-hypotension', 'extreme', waitOfExtreme);

export const low: LimitSide = {
  side: 'low',
  conditions,
  limit: level('low-limit', 'limit', waitOfLimit),
  worse: {
    'heart-rate': [
      level('no-beats', 'never-seen', waitOfNoBeats),
      BRADYCARDIA,
      level('no-signs', 'nothing-seen', waitOfNoSigns),
      level('asystole', 'zero', waitOfAsystole),
    ],
    'pulse-rate': [BRADYCARDIA],
    'abp-systolic': [HYPOTENSION],
    'abp-mean': [HYPOTENSION],
    spo2: [level('desaturation', 'extreme', waitOfExtreme)],
    'respiratory-rate': [level('apnoea', 'zero', waitOfApnoea)],
  },
};
