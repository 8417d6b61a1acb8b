import { createHistogram, type HistogramData } from '../support/histogram.ts';
import { serveWorker } from '../support/worker.ts';
import { createBacklog } from './backlog.ts';
import { type BedLink, openBedLink } from './bed-link.ts';
import { type PublishTemplate, publishTemplate, VITALS_BODY } from './packets.ts';

/**
 * Devices that come back at about the same time, as after a switch was replaced. Each sends what it measures now and then,
 * batch by batch, what it has kept; it goes on with a message a second meanwhile. One whose connection ends comes again after
 * a moment, as clients do, and sends anew what was not acknowledged.
 */

export type StormJob = {
  readonly port: number;
  readonly secret: string;
  readonly beds: readonly { readonly device: string; readonly topic: string }[];
  readonly boot: string;
  /** All of them come within so long. */
  readonly withinMs: number;
  readonly backlogMessages: number;
  readonly batchMessages: number;
};

export type StormCommand = { readonly command: 'begin' } | { readonly command: 'pause' };

export type StormTick = {
  readonly connected: number;
  /** Devices whose backlog is acknowledged. */
  readonly caughtUp: number;
  readonly lost: number;
};

export type StormResult = {
  /** From the beginning of the storm; undefined: not all of them. */
  readonly allConnectedAfterMs: number | undefined;
  readonly allCaughtUpAfterMs: number | undefined;
  /** From when a message was due until it was acknowledged, of what they measure while they catch up. */
  readonly live: HistogramData;
  readonly backlog: HistogramData;
  /** Why connections ended, and how often. */
  readonly lostFor: Readonly<Record<string, number>>;
  /** Messages acknowledged, those in a batch counted each. */
  readonly ackedByDevice: Readonly<Record<string, number>>;
};

const TICK_MS = 100;
const SECOND_MS = 1_000;
/** Clients come again after about so long. */
const RETRY_MS = { least: 1_000, spread: 2_000 } as const;

type Sent = { readonly fill: (packetId: number) => Buffer; readonly messages: number; readonly isLive: boolean };

type Device = {
  readonly name: string;
  readonly template: PublishTemplate;
  readonly backlog: Iterator<Sent>;
  link: BedLink | undefined;
  /** Sent and not acknowledged, in the order in which it was sent: PUBACKs come in that order. */
  unacked: Sent[];
  seq: number;
  lastTime: number;
  acked: number;
  isConnected: boolean;
  isCaughtUp: boolean;
};

const work = async (job: StormJob, tell: { ready: () => void; tick: (tick: StormTick) => void }) => {
  const epochMs = Date.now() - performance.now();
  const live = createHistogram();
  const backlog = createHistogram();
  const lostFor = new Map<string, number>();
  const devices = job.beds.map(({ device, topic }): Device => {
    return {
      name: device,
      template: publishTemplate(topic, job.boot, VITALS_BODY),
      backlog: batchesOf(job, topic, epochMs),
      link: undefined,
      unacked: [],
      seq: job.backlogMessages,
      lastTime: 0,
      acked: 0,
      isConnected: false,
      isCaughtUp: false,
    };
  });
  let startedAt = Number.NaN;
  let connected = 0;
  let caughtUp = 0;
  let allConnectedAfterMs: number | undefined;
  let allCaughtUpAfterMs: number | undefined;
  let isPaused = false;

  const send = (device: Device, sent: Sent, dueMs: number): void => {
    device.unacked.push(sent);
    device.link?.publish(dueMs, sent.fill);
  };

  const sendNextBatch = (device: Device): void => {
    const { value, done } = device.backlog.next();
    if (!done) {
      send(device, value, performance.now());
      return;
    }
    device.isCaughtUp = true;
    caughtUp++;
    if (caughtUp === devices.length) allCaughtUpAfterMs = performance.now() - startedAt;
  };

  const onAck = (device: Device, dueMs: number): void => {
    const sent = device.unacked.shift();
    if (!sent) return;
    device.acked += sent.messages;
    (sent.isLive ? live : backlog).add(performance.now() - dueMs);
    if (!sent.isLive && !device.isCaughtUp) sendNextBatch(device);
  };

  const connect = (device: Device): void => {
    const link = openBedLink({
      port: job.port,
      username: device.name,
      password: job.secret,
      onAck: (dueMs) => onAck(device, dueMs),
      onLost(reason) {
        lostFor.set(reason, (lostFor.get(reason) ?? 0) + 1);
        if (device.isConnected) connected--;
        device.isConnected = false;
        device.link = undefined;
        if (!isPaused) setTimeout(() => connect(device), RETRY_MS.least + Math.random() * RETRY_MS.spread);
      },
    });
    link.opened.then(
      () => welcomed(device, link),
      () => undefined,
    );
  };

  const welcomed = (device: Device, link: BedLink): void => {
    device.link = link;
    device.isConnected = true;
    connected++;
    if (connected === devices.length) allConnectedAfterMs ??= performance.now() - startedAt;
    const again = device.unacked;
    device.unacked = [];
    for (const sent of again) send(device, sent, performance.now());
    // The first time it sends what it measures now before all that it has kept.
    if (device.seq === job.backlogMessages) {
      sendLive(device);
      sendNextBatch(device);
    }
  };

  const sendLive = (device: Device): void => {
    const now = performance.now();
    const seq = device.seq++;
    // Times of a bed never repeat: each message is new rows.
    device.lastTime = Math.max(device.lastTime + 1, Math.round(epochMs + now));
    const time = device.lastTime;
    send(device, { fill: (packetId) => device.template.fill(packetId, time, seq), messages: 1, isLive: true }, now);
  };

  let turns = 0;
  let dueTurns = 0;
  /** A message a second of each device that is connected, the devices one after the other. */
  const sendWhatIsDue = (): void => {
    if (Number.isNaN(startedAt) || isPaused) return;
    dueTurns = ((performance.now() - startedAt) * devices.length) / SECOND_MS;
    for (; turns < dueTurns; turns++) {
      const device = devices[turns % devices.length];
      if (device?.isConnected && device.seq > job.backlogMessages) sendLive(device);
    }
  };

  const sending = setInterval(sendWhatIsDue, 1);
  const countLost = (): number => [...lostFor.values()].reduce((sum, count) => sum + count, 0);
  const ticking = setInterval(() => tell.tick({ connected, caughtUp, lost: countLost() }), TICK_MS);
  tell.ready();

  return {
    onCommand({ command }: StormCommand) {
      if (command === 'pause') {
        isPaused = true;
        return;
      }
      startedAt = performance.now();
      devices.forEach((device, index) => {
        setTimeout(() => connect(device), (index * job.withinMs) / devices.length);
      });
    },
    finish(): StormResult {
      isPaused = true;
      clearInterval(sending);
      clearInterval(ticking);
      for (const { link } of devices) link?.close();
      return {
        allConnectedAfterMs,
        allCaughtUpAfterMs,
        live: live.data(),
        backlog: backlog.data(),
        lostFor: Object.fromEntries(lostFor),
        ackedByDevice: Object.fromEntries(devices.map(({ name, acked }) => [name, acked])),
      };
    },
  };
};

function* batchesOf(job: StormJob, topic: string, epochMs: number): Iterator<Sent> {
  const { boot, backlogMessages: messages, batchMessages: batch } = job;
  // Made when the first batch is sent, so that the backlog ends where the live messages begin.
  const backlog = createBacklog({ topic, boot, messages, batch, untilMs: epochMs + performance.now() });
  for (let left = messages; left > 0; left -= batch) {
    const fill = backlog.next();
    if (fill) yield { fill, messages: Math.min(batch, left), isLive: false };
  }
}

serveWorker(work);
