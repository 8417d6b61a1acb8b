import type { MessageFate, TakenVital, TakenWave } from '#contracts/http/message-fate.ts';

/** What became of a message, in one line. */

const vitalText = ({ id, value, unit, quality }: TakenVital): string => {
  const told = value === null ? `${id} no value` : `${id} ${value} ${unit}`;
  return quality === undefined ? told : `${told} (${quality})`;
};

const waveText = ({ id, rate, samples }: TakenWave): string => `${id} ${samples} samples at ${rate} Hz`;

const statusText = ({ status }: MessageFate): string[] => {
  if (!status) return [];
  const { state, battery, model, firmware, interval } = status;
  const told = [
    state,
    battery === undefined ? undefined : `battery ${battery} %`,
    model,
    firmware,
    interval === undefined ? undefined : `every ${interval} s`,
  ];
  return [`told: ${told.filter((part) => part !== undefined).join(', ')}`];
};

const takenText = ({ channel, taken, late, vitals, waves }: MessageFate): string[] => {
  if (taken === 0) return [];
  if (channel === 'alarms') return [`${taken} alarms taken${late === 0 ? '' : `, ${late} of them late`}`];
  const told = [...vitals.map(vitalText), ...waves.map(waveText)];
  const more = taken > told.length ? ` and ${taken - told.length} more` : '';
  return [`${taken} taken${late === 0 ? '' : `, ${late} of them late`}: ${told.join(', ')}${more}`];
};

const refusedText = ({ refused, faults }: MessageFate): string[] => {
  if (refused === 0) return [];
  const more = refused > faults.length ? ` and ${refused - faults.length} more` : '';
  return [`${refused} refused: ${faults.map(({ reason, detail }) => `${reason} ${detail}`).join('; ')}${more}`];
};

export const fateText = (fate: MessageFate): string => {
  const { channel, topic, bytes, qos, bed, isStored, taken } = fate;
  const parts = [...takenText(fate), ...refusedText(fate), ...statusText(fate)];
  if (taken > 0 && bed === null) parts.push('stored for no bed');
  if (!isStored) parts.push('shown and not stored: there is no room, it must come again');
  return `${channel ?? topic} (${bytes} bytes${qos === null ? '' : `, QoS ${qos}`}): ${parts.join('; ')}`;
};
