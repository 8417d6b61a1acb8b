import { createHistogram, type HistogramData } from '../support/histogram.ts';
import { serveWorker } from '../support/worker.ts';
import { createBacklog } from './backlog.ts';
import { type BedLink, openBedLink } from './bed-link.ts';
import { publishTemplate, VITALS_BODY } from './packets.ts';

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

/** What all devices together have come to. */
const createTally = (devices: number) => {
  const live = createHistogram();
  const backlog = createHistogram();
  const lostFor = new Map<string, number>();
  let startedAt = Number.NaN;
  let connected = 0;
  let caughtUp = 0;
  let lost = 0;
  let allConnectedAfterMs: number | undefined;
  let allCaughtUpAfterMs: number | undefined;
  const elapsedMs = (): number => performance.now() - startedAt;
  return {
    begin() {
      startedAt = performance.now();
    },
    elapsedMs,
    came() {
      if (++connected === devices) allConnectedAfterMs ??= elapsedMs();
    },
    left(reason: string, wasConnected: boolean) {
      if (wasConnected) connected--;
      lost++;
      lostFor.set(reason, (lostFor.get(reason) ?? 0) + 1);
    },
    caughtUp() {
      if (++caughtUp === devices) allCaughtUpAfterMs = elapsedMs();
    },
    acked: ({ isLive }: Sent, dueMs: number) => (isLive ? live : backlog).add(performance.now() - dueMs),
    tick: (): StormTick => ({ connected, caughtUp, lost }),
    result: (): Omit<StormResult, 'ackedByDevice'> => ({
      allConnectedAfterMs,
      allCaughtUpAfterMs,
      live: live.data(),
      backlog: backlog.data(),
      lostFor: Object.fromEntries(lostFor),
    }),
  };
};

type Tally = ReturnType<typeof createTally>;

/** The backlog is made when its first batch is asked for, so that it ends where the live messages begin. */
function* batchesOf(
  { boot, backlogMessages: messages, batchMessages: batch }: StormJob,
  topic: string,
): Iterator<Sent> {
  const backlog = createBacklog({ topic, boot, messages, batch, untilMs: Date.now() });
  for (let left = messages; left > 0; left -= batch) {
    const fill = backlog.next();
    if (fill) yield { fill, messages: Math.min(batch, left), isLive: false };
  }
}

/** What a device has to say: what it measures now, and batch by batch what it has kept. */
const createMessages = (job: StormJob, topic: string) => {
  const template = publishTemplate(topic, job.boot, VITALS_BODY);
  const batches = batchesOf(job, topic);
  let seq = job.backlogMessages;
  let lastTime = 0;
  return {
    isFirst: (): boolean => seq === job.backlogMessages,
    live(): Sent {
      const number = seq++;
      // Times of a bed never repeat: each message is new rows.
      const time = Math.max(lastTime + 1, Date.now());
      lastTime = time;
      return { fill: (packetId) => template.fill(packetId, time, number), messages: 1, isLive: true };
    },
    batch(): Sent | undefined {
      const { value, done } = batches.next();
      return done ? undefined : value;
    },
  };
};

/** Sent and not acknowledged, in the order in which it was sent: PUBACKs come in that order. */
const createUnacked = (tally: Tally) => {
  let waiting: Sent[] = [];
  let acked = 0;
  return {
    add: (sent: Sent) => void waiting.push(sent),
    /** What this PUBACK is of. */
    acknowledge(dueMs: number): Sent | undefined {
      const sent = waiting.shift();
      if (!sent) return undefined;
      acked += sent.messages;
      tally.acked(sent, dueMs);
      return sent;
    },
    /** All of it, to be sent anew. */
    takeAll(): readonly Sent[] {
      const all = waiting;
      waiting = [];
      return all;
    },
    messages: () => acked,
  };
};

const ignore = (): void => {};

const createDevice = (job: StormJob, { device: name, topic }: StormJob['beds'][number], tally: Tally) => {
  const messages = createMessages(job, topic);
  const unacked = createUnacked(tally);
  let link: BedLink | undefined;
  let isOver = false;

  const send = (sent: Sent, dueMs: number): void => {
    unacked.add(sent);
    link?.publish(dueMs, sent.fill);
  };

  const sendLive = (): void => {
    if (link) send(messages.live(), performance.now());
  };

  const sendNextBatch = (): void => {
    const batch = messages.batch();
    if (batch) send(batch, performance.now());
    else tally.caughtUp();
  };

  const onAck = (dueMs: number): void => {
    if (unacked.acknowledge(dueMs)?.isLive === false) sendNextBatch();
  };

  const welcomed = (opened: BedLink): void => {
    link = opened;
    tally.came();
    for (const sent of unacked.takeAll()) send(sent, performance.now());
    // The first time it sends what it measures now before what it has kept.
    if (!messages.isFirst()) return;
    sendLive();
    sendNextBatch();
  };

  const onLost = (reason: string): void => {
    tally.left(reason, link !== undefined);
    link = undefined;
    if (!isOver) setTimeout(connect, RETRY_MS.least + Math.random() * RETRY_MS.spread);
  };

  const connect = (): void => {
    const opening = openBedLink({ port: job.port, username: name, password: job.secret, onAck, onLost });
    opening.opened.then(() => welcomed(opening), ignore);
  };

  return {
    name,
    connect,
    sendLive,
    acked: unacked.messages,
    end() {
      isOver = true;
      link?.close();
    },
  };
};

const work = async (job: StormJob, tell: { ready: () => void; tick: (tick: StormTick) => void }) => {
  const tally = createTally(job.beds.length);
  const devices = job.beds.map((bed) => createDevice(job, bed, tally));
  let turns = 0;
  let isSending = false;

  /** A message a second of each device that is connected, the devices one after the other. */
  const sendWhatIsDue = (): void => {
    if (!isSending) return;
    const due = (tally.elapsedMs() * devices.length) / SECOND_MS;
    for (; turns < due; turns++) devices[turns % devices.length]?.sendLive();
  };

  const sending = setInterval(sendWhatIsDue, 1);
  const ticking = setInterval(() => tell.tick(tally.tick()), TICK_MS);
  tell.ready();

  return {
    onCommand({ command }: StormCommand) {
      isSending = command === 'begin';
      if (!isSending) return;
      tally.begin();
      devices.forEach(({ connect }, index) => {
        setTimeout(connect, (index * job.withinMs) / devices.length);
      });
    },
    finish(): StormResult {
      clearInterval(sending);
      clearInterval(ticking);
      for (const { end } of devices) end();
      return {
        ...tally.result(),
        ackedByDevice: Object.fromEntries(devices.map(({ name, acked }) => [name, acked()])),
      };
    },
  };
};

serveWorker(work);
