import { expect, test } from 'vitest';
import type { WaveFrame } from '#contracts/live.ts';
import { createDeviceClient } from '../../simulators/device-client.ts';
import { provision } from '../../simulators/provision.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen, type TestScreen } from '../support/screen.ts';
import { createTestStation } from '../support/station.ts';

/** Two devices at a bed send the same waveform through the broker. A screen draws that of one of them at a time. */

const releases = releaseAfterEach();

const BLOCK_MS = 250;
const RATE_HZ = 100;
/** A source that has sent none for so long gives way (H4). */
const GIVES_WAY_AFTER_MS = 2_500;
/** What a busy machine adds to the time between two blocks. */
const LATE_MS = 2_000;

/** Each device has a level of its own, by which its samples are known. */
const LEVELS = { monitor: 0.75, defibrillator: 0.25 } as const;
type Device = keyof typeof LEVELS;
const DEVICES = ['monitor', 'defibrillator'] as const satisfies readonly Device[];

const createSender = ({ mqttUrl, device, secret }: { mqttUrl: string; device: Device; secret: string }) => {
  const client = createDeviceClient({ mqttUrl, unit: 'icu', device, secret, wavesQos: 1 });
  client.start();
  let timer: NodeJS.Timeout | undefined;
  const samples = Array.from({ length: (RATE_HZ * BLOCK_MS) / 1_000 }, () => LEVELS[device]);
  const send = () =>
    client.publishWaves({ time: Date.now(), waves: { 'ecg-ii': { rate: RATE_HZ, unit: 'mV', samples } } });
  const sender = {
    acknowledged: () => client.counts().acknowledged,
    isOnline: () => client.state() === 'online',
    send() {
      send();
      timer = setInterval(send, BLOCK_MS);
    },
    pause: () => clearInterval(timer),
  };
  releases.push(async () => {
    sender.pause();
    await client.stop();
  });
  return sender;
};

type Block = { readonly device: Device; readonly time: number };

const blocksOf = ({ waves }: WaveFrame): Block[] => {
  const { time = Number.NaN, samples = [] } = waves['ecg-ii'] ?? {};
  const levels = new Set(samples);
  return DEVICES.filter((device) => levels.has(LEVELS[device])).map((device) => ({ device, time }));
};

/** The blocks that a screen was sent, in their order. */
const blocksOn = ({ frames }: TestScreen): Block[] =>
  frames.flatMap((frame) => (frame.type === 'wave' ? blocksOf(frame) : []));

const openBed = async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const place = {
    unit: { id: 'icu', name: 'Intensive care' },
    bed: { id: 'icu-1', label: 'ICU 1' },
    device: { id: 'monitor', model: 'test' },
    companions: [{ id: 'defibrillator', model: 'test', role: 'other' as const }],
  };
  const token = await station.token('operator');
  const secrets = await provision({ stationUrl: http, token, places: [place], since: Date.now() - 60_000 });
  const senderOf = (device: Device) => createSender({ mqttUrl: mqtt, device, secret: secrets.get(device) ?? '' });
  const screen = await openScreen(station, { units: ['icu'], waves: ['icu-1'] });
  releases.push(async () => screen.close());
  return { screen, monitor: senderOf('monitor'), defibrillator: senderOf('defibrillator') };
};

test('H4: a bed shows the waveform of one device at a time, and of the other once the preferred one has sent none for 2.5 s', async () => {
  const { screen, monitor, defibrillator } = await openBed();
  await eventually(() => expect([monitor.isOnline(), defibrillator.isOnline()]).toEqual([true, true]));
  await eventually(() => expect(screen.frames.some(({ type }) => type === 'snapshot')).toBe(true));
  const blocksFrom = (device: Device) => blocksOn(screen).filter((block) => block.device === device);
  const come = (device: Device, count: number) =>
    eventually(() => expect(blocksFrom(device).length).toBeGreaterThanOrEqual(count), { withinMs: 20_000 });

  monitor.send();
  await come('monitor', 1);
  defibrillator.send();
  await come('monitor', 8);
  expect(defibrillator.acknowledged()).toBeGreaterThan(0);
  expect(blocksFrom('defibrillator')).toEqual([]);

  monitor.pause();
  await come('defibrillator', 4);
  const lastAt = blocksFrom('monitor').at(-1)?.time ?? Number.NaN;
  const handoverMs = (blocksFrom('defibrillator')[0]?.time ?? Number.NaN) - lastAt;
  expect(handoverMs).toBeGreaterThan(GIVES_WAY_AFTER_MS - BLOCK_MS);
  expect(handoverMs).toBeLessThan(GIVES_WAY_AFTER_MS + BLOCK_MS + LATE_MS);

  const before = blocksOn(screen).length;
  monitor.send();
  await come('monitor', blocksFrom('monitor').length + 8);
  const since = blocksOn(screen)
    .slice(before)
    .map(({ device }) => device);
  // The preferred device takes the waveform back with its first block, and then it alone is drawn.
  expect(since.slice(since.indexOf('monitor'))).not.toContain('defibrillator');
});
