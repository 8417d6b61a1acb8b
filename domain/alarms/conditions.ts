import { VITAL_IDS, type VitalId } from '../vitals.ts';

/**
 * The conditions the engine can decide, and how they are grouped. An alarm is of one kind; the conditions of a kind are
 * its levels, from mild to worst, and a worse one escalates the same alarm. Terms: IEC 60601-1-8.
 */

/** From least to most urgent. */
export const PRIORITIES = ['low', 'medium', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

type ConditionEntry = {
  readonly type: 'physiological' | 'technical';
  readonly priority: Priority;
  readonly label: { readonly en: string; readonly zh: string };
};

/**
 * Priorities: limit alarms medium (Mindray, Philips), life-threatening ones high (clause 6.1.2: death or irreversible
 * injury with immediate onset), lost sensors low (Philips INOP), a whole bed without data medium.
 */
export const CONDITIONS = {
  'low-limit': { type: 'physiological', priority: 'medium', label: { en: 'low', zh: '过低' } },
  'high-limit': { type: 'physiological', priority: 'medium', label: { en: 'high', zh: '过高' } },
  'extreme-bradycardia': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'Extreme bradycardia', zh: '极度心动过缓' },
  },
  'extreme-tachycardia': {
    type: 'physiological',
    priority: 'high',
    label: { en: 'Extreme tachycardia', zh: '极度心动过速' },
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
  'sensor-off': { type: 'technical', priority: 'low', label: { en: 'sensor off', zh: '传感器脱落' } },
  'signal-poor': { type: 'technical', priority: 'low', label: { en: 'poor signal', zh: '信号质量差' } },
  'no-data': { type: 'technical', priority: 'low', label: { en: 'no data', zh: '无数据' } },
  'device-silent': { type: 'technical', priority: 'medium', label: { en: 'Device sends nothing', zh: '设备无数据' } },
  'device-offline': { type: 'technical', priority: 'medium', label: { en: 'Device offline', zh: '设备离线' } },
  'not-monitored': { type: 'technical', priority: 'medium', label: { en: 'Not monitored', zh: '未监护' } },
  'battery-low': { type: 'technical', priority: 'low', label: { en: 'Battery low', zh: '电池电量低' } },
  'clock-off': { type: 'technical', priority: 'low', label: { en: 'Device clock off', zh: '设备时钟不准' } },
  'sequence-gap': { type: 'technical', priority: 'low', label: { en: 'Messages missing', zh: '消息缺失' } },
  'journal-filling': { type: 'technical', priority: 'medium', label: { en: 'Journal filling', zh: '日志将满' } },
  'database-away': { type: 'technical', priority: 'low', label: { en: 'Database away', zh: '数据库不可用' } },
} as const satisfies Record<string, ConditionEntry>;

export type ConditionId = keyof typeof CONDITIONS;
export const CONDITION_IDS = Object.keys(CONDITIONS) as [ConditionId, ...ConditionId[]];

/** The row, widened from its literal types. */
export const condition = (id: ConditionId): ConditionEntry => CONDITIONS[id];

export type Side = 'low' | 'high';

/**
 * What is worse than the limit: its name, and what triggers it. `zero`: the value is 0, and was not before. `never-seen`: it is 0
 * and nothing else was seen yet. `nothing-seen`: it is 0, and what else would show a life is 0 or nothing too.
 */
export type LevelTrigger = keyof typeof RANKS;
/** `rank`: how bad it is, so that levels of vitals that are announced as one can be compared. */
export type Level = { readonly condition: ConditionId; readonly trigger: LevelTrigger; readonly rank: number };

const RANKS = { limit: 0, 'never-seen': 1, extreme: 2, 'nothing-seen': 3, zero: 4 } as const;

const level = (condition: ConditionId, trigger: LevelTrigger): Level => ({
  condition,
  trigger,
  rank: RANKS[trigger],
});

const LOW = level('low-limit', 'limit');
const HIGH = level('high-limit', 'limit');
const BRADYCARDIA = level('extreme-bradycardia', 'extreme');
const TACHYCARDIA = level('extreme-tachycardia', 'extreme');
const HYPOTENSION = level('extreme-hypotension', 'extreme');

/** Vitals whose kinds have more than the limit. */
const WORSE: Partial<Record<VitalId, Partial<Record<Side, readonly Level[]>>>> = {
  'heart-rate': {
    low: [level('no-beats', 'never-seen'), BRADYCARDIA, level('no-signs', 'nothing-seen'), level('asystole', 'zero')],
    high: [TACHYCARDIA],
  },
  'pulse-rate': { low: [BRADYCARDIA], high: [TACHYCARDIA] },
  'abp-systolic': { low: [HYPOTENSION] },
  'abp-mean': { low: [HYPOTENSION] },
  spo2: { low: [level('desaturation', 'extreme')] },
  'respiratory-rate': { low: [level('apnoea', 'zero')] },
};

export type LimitKind = {
  readonly id: string;
  readonly vital: VitalId;
  readonly side: Side;
  readonly levels: readonly Level[];
};

const limitKind = (vital: VitalId, side: Side, base: Level): LimitKind => ({
  id: `${vital}-${side}`,
  vital,
  side,
  levels: [base, ...(WORSE[vital]?.[side] ?? [])],
});

/** By the vital's place in the catalogue. */
export const LIMIT_KINDS: readonly { readonly low: LimitKind; readonly high: LimitKind }[] = VITAL_IDS.map((id) => ({
  low: limitKind(id, 'low', LOW),
  high: limitKind(id, 'high', HIGH),
}));

const rankByCondition = new Map<ConditionId, number>(
  LIMIT_KINDS.flatMap(({ low, high }) => [...low.levels, ...high.levels]).map(({ condition, rank }) => [
    condition,
    rank,
  ]),
);

/** How bad a limit condition is among its like. */
export const rankOf = (id: ConditionId): number => rankByCondition.get(id) ?? 0;

const groupsOf = (groups: readonly (readonly VitalId[])[]): readonly (readonly number[] | null)[] =>
  VITAL_IDS.map((id) => groups.find((group) => group.includes(id))?.map((member) => VITAL_IDS.indexOf(member)) ?? null);

const ARTERIAL_LINE: readonly VitalId[] = ['abp-systolic', 'abp-diastolic', 'abp-mean'];
const CUFF: readonly VitalId[] = ['nibp-systolic', 'nibp-diastolic', 'nibp-mean'];

/** Vitals that measure one thing: what they violate on one side is announced once (C9). By places in the catalogue. */
export const MEASUREMENTS = groupsOf([['heart-rate', 'pulse-rate'], ARTERIAL_LINE, CUFF]);

/** Vitals of one probe: lost together they are one technical alarm (D9). */
export const PROBES = groupsOf([
  ['spo2', 'pulse-rate', 'perfusion-index'],
  ['heart-rate', 'respiratory-rate'],
  ARTERIAL_LINE,
  CUFF,
]);

export const signalKind = (vital: VitalId): string => `${vital}-signal`;

/** Kinds that are not of a vital. `device-…` are of a bed, `station-…` of the station. */
export const PLAIN_KINDS = [
  'device-link',
  'device-data',
  'device-battery',
  'device-clock',
  'device-gap',
  'station-journal',
  'station-database',
] as const;
export type PlainKind = (typeof PLAIN_KINDS)[number];

/** Every kind there is, in the order in which kinds are decided. */
export const KIND_IDS: readonly string[] = [
  ...PLAIN_KINDS,
  ...VITAL_IDS.flatMap((id) => [`${id}-low`, `${id}-high`, signalKind(id)]),
];

export const hasExtreme = (vital: VitalId, side: Side): boolean =>
  WORSE[vital]?.[side]?.some(({ trigger }) => trigger === 'extreme') ?? false;

export const hasZero = (vital: VitalId): boolean =>
  WORSE[vital]?.low?.some(({ trigger }) => trigger === 'zero') ?? false;

/** Kinds that may be switched off: those that are only about limits. What is worse than the limit goes on alarming. */
export const mayBeOff = (kind: string): boolean =>
  LIMIT_KINDS.some(({ low, high }) => low.id === kind || high.id === kind);

/**
 * Values that no patient has, and that senders use for "disconnected": a sensor fault and not a crisis. Heart rate 0 is
 * not among them (asystole), nor respiratory rate 0 once breaths were seen (apnoea), nor CVP and EtCO2 0 (both occur).
 * An arterial line reads the mean filling pressure of about 10 to 20 mmHg in cardiac arrest, not 0.
 */
export const NOT_PHYSIOLOGICAL: Partial<Record<VitalId, (value: number) => boolean>> = {
  'pulse-rate': (value) => value <= 0,
  spo2: (value) => value <= 0,
  'nibp-systolic': (value) => value <= 0,
  'nibp-diastolic': (value) => value <= 0,
  'nibp-mean': (value) => value <= 0,
  'abp-systolic': (value) => value <= 0,
  'abp-diastolic': (value) => value <= 0,
  'abp-mean': (value) => value <= 0,
  fio2: (value) => value <= 0,
};
