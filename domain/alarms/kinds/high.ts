import { type Conditions, createLevel, type LimitSide, type WaitRule, waitOfLimit } from './level.ts';

/**
 * `{vital}-high`: a value above its limit, and rates that are far above it (section 3). The priorities have the sources
 * that `{vital}-low` names.
 */

export const conditions = {
  'high-limit': { type: 'physiological', priority: 'medium', label: { en: 'high', zh: '过高' }, isOfAnyVital: true },
  'extreme-tachycardia': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'Extreme tachycardia', zh: '极度心动过速' },
  },
} as const satisfies Conditions;

const waitOfExtreme: WaitRule = ({ extremeDelayMs, extremeReadings }) => ({
  delayMs: extremeDelayMs,
  readings: extremeReadings,
});

const level = createLevel(conditions);
const TACHYCARDIA = level('extreme-tachycardia', 'extreme', waitOfExtreme);

export const high: LimitSide = {
  side: 'high',
  conditions,
  limit: level('high-limit', 'limit', waitOfLimit),
  worse: { 'heart-rate': [TACHYCARDIA], 'pulse-rate': [TACHYCARDIA] },
};
