import type { MessageFate } from '#contracts/http/message-fate.ts';
import type { LatestVitals } from '#contracts/live.ts';
import { dispatch, type Handlers } from '#domain/dispatch.ts';
import { fateText } from './fate-text.ts';

type Told<Type extends string, Facts = unknown> = Type extends string
  ? { readonly type: Type; readonly at: number } & Facts
  : never;

type Refused = {
  readonly reason: string;
  readonly detail: string;
  readonly address: string;
  /** How many since it was last told of. */
  readonly count: number;
};

type Gap = {
  readonly channel: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly missing: number;
};

/** What a person who watches a device is told: what it sent, and what became of it. Times are epoch milliseconds. */
export type Happening =
  | Told<'placed', { readonly unit: string; readonly bed: string | null }>
  | Told<'connected' | 'disconnected' | 'unheard'>
  | Told<'following'>
  | Told<'message', { readonly fate: MessageFate }>
  | Told<'messages-skipped', { readonly count: number }>
  | Told<'live', { readonly vitals: LatestVitals }>
  | Told<'late' | 'all-refused' | 'silent'>
  | Told<'refused', Refused>
  | Told<'rejected', { readonly reason: string; readonly detail: string; readonly topic: string }>
  | Told<'rejected-unlisted'>
  | Told<'missing' | 'complete', Gap>
  | Told<'station-lost' | 'station-back' | 'database-away'>;

type Value = NonNullable<LatestVitals[keyof LatestVitals]>;

const valueText = ({ value, quality }: Value): string =>
  `${value ?? 'no value'}${quality === undefined ? '' : ` (${quality})`}`;

const vitalsText = (vitals: LatestVitals): string =>
  Object.entries(vitals)
    .map(([id, value]) => `${id} ${valueText(value)}`)
    .join(', ');

const numbers = ({ channel, fromSeq, toSeq }: Gap): string =>
  `${channel} ${fromSeq === toSeq ? fromSeq : `${fromSeq} to ${toSeq}`}`;

const TEXTS: Handlers<Happening, [], string> = {
  placed: ({ unit, bed }) =>
    bed === null
      ? `stands at no bed of unit ${unit}: what it sends is stored, and shown nowhere`
      : `stands at bed ${bed} of unit ${unit}`,
  connected: () => 'connected',
  disconnected: () => 'disconnected',
  unheard: () => 'has not connected since the station started',
  live: ({ vitals }) => `live: ${vitalsText(vitals)}`,
  following: () => 'each message is told from now on, with what becomes of it',
  message: ({ fate }) => fateText(fate),
  'messages-skipped': ({ count }) => `${count} messages came faster than they can be told`,
  late: () => 'late: what it sends was measured too long ago to be shown; it is stored',
  'all-refused': () => 'refused: of what it sends nothing can be taken',
  silent: () => 'no vital signs come from it',
  refused: ({ reason, detail, address, count }) =>
    `refused ${reason}: ${detail} (from ${address}${count === 1 ? '' : `, ${count} times`})`,
  rejected: ({ reason, detail, topic }) => `rejected ${reason} on ${topic}: ${detail}`,
  'rejected-unlisted': () => 'rejected: more than is listed here',
  missing: (gap) => `missing: ${gap.missing} of ${numbers(gap)} did not arrive`,
  complete: (gap) => `complete: ${numbers(gap)} arrived after all`,
  'station-lost': () => 'the station does not answer',
  'station-back': () => 'the station answers',
  'database-away': () => 'what is rejected is not known: the database of the station does not answer',
};

/** Swedish dates are written as ISO 8601 writes them, here in local time. */
const timeText = (at: number): string => new Date(at).toLocaleString('sv-SE');

export const happeningText = (happening: Happening): string =>
  `${timeText(happening.at)}  ${dispatch(TEXTS, happening)}`;

export const happeningJson = ({ at, ...rest }: Happening): object => ({ time: new Date(at).toISOString(), ...rest });
