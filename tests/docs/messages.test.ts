import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerFrame, ShownFrame, SubscribeFrame } from '#contracts/live.ts';
import { VitalInput, VitalsMessage, WaveInput, WavesMessage } from '#contracts/mqtt/messages.ts';
import { MonitorAlarmsMessage } from '#contracts/mqtt/monitor-alarms.ts';
import { liveTopics } from '#contracts/mqtt/topics.ts';
import { findVital } from '#domain/vitals.ts';
import { findWave } from '#domain/waveforms.ts';
import { decodeAlarms } from '../../ingest/monitor-alarms/decode.ts';
import { ROOT } from './repository.ts';

const page = readFileSync(join(ROOT, 'docs/messages.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text));

test('the examples of docs/messages.md are what the station accepts', () => {
  const [vitals, waves, alarms, subscribe, shown, ...rest] = examples;
  expect(rest).toEqual([]);
  for (const [key, entry] of Object.entries(VitalsMessage.parse(vitals).vitals)) {
    expect(findVital(key)).toBe(key);
    expect(VitalInput.safeParse(entry).success).toBe(true);
  }
  for (const [key, entry] of Object.entries(WavesMessage.parse(waves).waves)) {
    expect(findWave(key)).toBe(key);
    expect(WaveInput.safeParse(entry).success).toBe(true);
  }
  expect(MonitorAlarmsMessage.parse(alarms).alarms).toHaveLength(1);
  expect(decodeAlarms(Buffer.from(JSON.stringify(alarms))).faults).toEqual([]);
  expect(SubscribeFrame.parse(subscribe).units).toEqual(['icu']);
  expect(ShownFrame.parse(shown).alarms).toHaveLength(1);
});

test('docs/messages.md names every frame', () => {
  const types = ServerFrame.options.map((frame) => frame.shape.type.value);
  for (const type of types) expect(page).toContain(`| \`${type}\` |`);
});

test('docs/messages.md names every topic that integrations may hear', () => {
  for (const topic of Object.values(liveTopics)) expect(page).toContain(`\`${topic('{unit}', '{bed}')}\``);
});
