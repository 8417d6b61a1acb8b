import type { MessageFate } from '#contracts/http/message-fate.ts';
import type { Channel } from '#contracts/mqtt/topics.ts';
import { vital } from '#domain/vitals.ts';
import { wave } from '#domain/waveforms.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { DeviceText } from './text/en.ts';

/** What became of a message, in words. */

type Words = {
  /** As "3 vitals taken, 1 refused". */
  readonly outcome: string;
  /** What was taken, each with its value and the unit that is stored. */
  readonly entries: readonly string[];
  readonly faults: readonly string[];
  /** Nothing of it was taken, or not all. */
  readonly isFaulty: boolean;
};

const TAKEN = {
  vitals: 'takenVitals',
  waves: 'takenWaves',
  alarms: 'takenAlarms',
  status: 'takenVitals',
} as const satisfies Record<Channel, keyof DeviceText>;

const takenWords = (fate: MessageFate, text: DeviceText): string[] => {
  if (fate.status) return [text.takenStatus];
  if (fate.taken === 0) return [text.nothingTaken];
  return [text[TAKEN[fate.channel ?? 'vitals']](String(fate.taken))];
};

const outcomeOf = (fate: MessageFate, text: DeviceText): string => {
  const { refused, late, bed, taken, isRepeat, isStored, messages } = fate;
  const words = takenWords(fate, text);
  if (refused > 0) words.push(text.refusedSome(String(refused)));
  if (late > 0) words.push(text.lateSome(String(late)));
  if (taken > 0 && bed === null) words.push(text.ofNobody);
  if (messages > 1) words.push(text.several(String(messages)));
  if (isRepeat) words.push(text.again);
  if (!isStored) words.push(text.notStored);
  return words.join(text.and);
};

const vitalWords = ({ vitals }: MessageFate, text: DeviceText, { language }: Voice): string[] =>
  vitals.map(({ id, value, unit, quality }) => {
    const measured = value === null ? text.noValue : `${Number(value.toPrecision(6))} ${unit}`;
    const told = `${vital(id).label[language]} ${measured}`;
    return quality === undefined ? told : `${told} (${text.qualities[quality]})`;
  });

const waveWords = ({ waves }: MessageFate, text: DeviceText, { language }: Voice): string[] =>
  waves.map(
    ({ id, rate, samples, unit }) =>
      `${wave(id).label[language]} ${text.samples(String(samples), String(rate))} (${unit})`,
  );

const statusWords = ({ status }: MessageFate, text: DeviceText, voice: Voice): string[] => {
  if (!status) return [];
  const { state, battery, model, firmware, interval } = status;
  return [
    text.states[state],
    ...(battery === undefined ? [] : [`${text.battery} ${voice.percent(battery)}`]),
    ...(model === undefined ? [] : [model]),
    ...(firmware === undefined ? [] : [firmware]),
    ...(interval === undefined ? [] : [text.every(String(interval))]),
  ];
};

export const fateWords = (fate: MessageFate, text: DeviceText, voice: Voice): Words => {
  const entries = [...vitalWords(fate, text, voice), ...waveWords(fate, text, voice)];
  // Alarms are only counted: what they say is on the wall.
  const more = fate.channel === 'alarms' ? 0 : fate.taken - entries.length;
  const faults = fate.faults.map(({ reason, detail }) => `${text.rejectReasons[reason]} (${detail})`);
  const moreFaults = fate.refused - faults.length;
  return {
    outcome: outcomeOf(fate, text),
    entries: [...entries, ...(more > 0 ? [text.moreEntries(String(more))] : []), ...statusWords(fate, text, voice)],
    faults: [...faults, ...(moreFaults > 0 ? [text.moreEntries(String(moreFaults))] : [])],
    isFaulty: fate.refused > 0 || !fate.isStored,
  };
};
