import { createHistogram, type Histogram, type HistogramData } from '../support/histogram.ts';
import { serveWorker } from '../support/worker.ts';
import { type BedLink, openBedLink } from './bed-link.ts';
import { createOwnAlarms, type OwnAlarm } from './own-alarms.ts';
import { type PublishTemplate, publishTemplate } from './packets.ts';

/**
 * The beds, in a process of their own. Open loop: message k is due at k / rate and its delay counts from then, however
 * late it could be sent, so a station that stalls cannot slow down what measures it (coordinated omission).
 */

export type PublishJob = {
  readonly port: number;
  readonly secret: string;
  readonly beds: readonly { readonly device: string; readonly topic: string }[];
  readonly body: string;
  readonly boot: string;
  readonly messagesPerSecond: number;
  /** Beyond so many unacknowledged messages the load waits and its clock with it. Left out: it never waits. */
  readonly maxInFlight?: number;
  /** How long before it is due a message was measured: the length of a block of waveforms. */
  readonly measuredBeforeMs: number;
  /** One of so many messages of each bed has this body instead; the beds take turns. At least 2. */
  readonly excursions?: { readonly body: string; readonly everyMessages: number };
  /** Instead of its other body a bed can send alarms of its own, as often: the topic of each bed. */
  readonly alarmTopics?: readonly string[];
};

/** When a bed sent its other body, in epoch milliseconds; `bed` is its place in the job. */
export type Excursion = { readonly bed: number; readonly time: number };

export type PublishCommand =
  | { readonly command: 'rate'; readonly messagesPerSecond: number }
  /** Delays count under this name from now on. */
  | { readonly command: 'phase'; readonly name: string }
  /** What some of the beds send from now on, so that an alarm begins. At first it is the other body. */
  | { readonly command: 'alarms'; readonly by: 'reading' | 'monitor' }
  | { readonly command: 'pause' };

export type PublishTick = { readonly sent: number; readonly acked: number; readonly lost: string | undefined };

export type PublishResult = PublishTick & {
  readonly phases: readonly { readonly name: string; readonly sent: number; readonly delays: HistogramData }[];
  readonly ackedByDevice: Readonly<Record<string, number>>;
  readonly excursions: readonly Excursion[];
  readonly ownAlarms: readonly OwnAlarm[];
  /** The longest that this process itself was late, so that it is not taken for the station's delay. */
  readonly ownLatenessMs: number;
};

const TICK_MS = 100;
const CONNECT_AT_ONCE = 50;

type Bed = {
  readonly index: number;
  readonly device: string;
  readonly link: BedLink;
  readonly template: PublishTemplate;
  readonly excursion: PublishTemplate | undefined;
  lastTime: number;
  seq: number;
};

type Phase = { readonly name: string; readonly startedAt: number; sent: number; readonly delays: Histogram };

const newPhase = (name: string, startedAt: number): Phase => ({ name, startedAt, sent: 0, delays: createHistogram() });

const work = async (job: PublishJob, tell: { ready: () => void; tick: (tick: PublishTick) => void }) => {
  const { maxInFlight = Number.POSITIVE_INFINITY, measuredBeforeMs, excursions } = job;
  const epochMs = Date.now() - performance.now();
  const phases = [newPhase('warm-up', Number.NEGATIVE_INFINITY)];
  const sentExcursions: Excursion[] = [];
  const ownAlarms = createOwnAlarms(job);
  let alarmsBy: 'reading' | 'monitor' = 'reading';
  let lost: string | undefined;
  let sent = 0;
  let turns = 0;
  let acked = 0;
  let messagesPerSecond = job.messagesPerSecond;
  let startedAt = 0;
  let scheduled = 0;
  let paused = false;
  let ownLatenessMs = 0;

  const phaseOf = (dueMs: number): Phase | undefined => phases.findLast(({ startedAt }) => startedAt <= dueMs);

  const onAck = (dueMs: number): void => {
    acked++;
    phaseOf(dueMs)?.delays.add(performance.now() - dueMs);
  };

  const openBed = ({ device, topic }: PublishJob['beds'][number], index: number): Bed => ({
    index,
    device,
    link: openBedLink({
      port: job.port,
      username: device,
      password: job.secret,
      onAck,
      onLost(reason) {
        lost ??= reason;
      },
    }),
    template: publishTemplate(topic, job.boot, job.body),
    excursion: excursions && publishTemplate(topic, job.boot, excursions.body),
    lastTime: 0,
    seq: 0,
  });
  const beds: Bed[] = [];
  // All at once would be more than the station's lobby holds, which is what the row `storm` is for.
  for (let from = 0; from < job.beds.length; from += CONNECT_AT_ONCE) {
    const opening = job.beds.slice(from, from + CONNECT_AT_ONCE).map((bed, index) => openBed(bed, from + index));
    await Promise.all(opening.map(({ link }) => link.opened));
    beds.push(...opening);
  }

  const restart = (): void => {
    startedAt = performance.now();
    scheduled = 0;
  };

  const publish = (bed: Bed, dueMs: number): void => {
    // Times of a bed never repeat: each message is new rows.
    bed.lastTime = Math.max(bed.lastTime + 1, Math.round(epochMs + dueMs - measuredBeforeMs));
    const seq = bed.seq++;
    const isAlarm = excursions !== undefined && (bed.index + seq) % excursions.everyMessages === 0;
    const isExcursion = isAlarm && alarmsBy === 'reading';
    const template = (isExcursion && bed.excursion) || bed.template;
    if (isExcursion) sentExcursions.push({ bed: bed.index, time: bed.lastTime });
    bed.link.publish(dueMs, (packetId) => template.fill(packetId, bed.lastTime, seq));
    const told = ownAlarms.next(bed.index, bed.lastTime, isAlarm && alarmsBy === 'monitor');
    if (told) bed.link.publish(dueMs, told);
    const packets = told ? 2 : 1;
    sent += packets;
    const phase = phaseOf(dueMs);
    if (phase) phase.sent += packets;
  };

  const sendWhatIsDue = (): void => {
    const now = performance.now();
    while (!paused) {
      const dueMs = startedAt + (scheduled * 1_000) / messagesPerSecond;
      if (dueMs > now) return;
      if (sent - acked >= maxInFlight) {
        restart();
        return;
      }
      ownLatenessMs = Math.max(ownLatenessMs, now - dueMs);
      const bed = beds[turns++ % beds.length];
      if (bed) publish(bed, dueMs);
      scheduled++;
    }
  };

  tell.ready();
  restart();
  const sending = setInterval(sendWhatIsDue, 1);
  const ticking = setInterval(() => tell.tick({ sent, acked, lost }), TICK_MS);

  return {
    onCommand(command: PublishCommand) {
      if (command.command === 'rate') {
        messagesPerSecond = command.messagesPerSecond;
        restart();
      } else if (command.command === 'phase') {
        phases.push(newPhase(command.name, performance.now()));
        ownLatenessMs = 0;
      } else if (command.command === 'alarms') alarmsBy = command.by;
      else paused = true;
    },
    finish(): PublishResult {
      clearInterval(sending);
      clearInterval(ticking);
      for (const { link } of beds) link.close();
      return {
        sent,
        acked,
        lost,
        phases: phases.map(({ name, sent, delays }) => ({ name, sent, delays: delays.data() })),
        ackedByDevice: Object.fromEntries(beds.map(({ device, link }) => [device, link.acked()])),
        excursions: sentExcursions,
        ownAlarms: ownAlarms.sent,
        ownLatenessMs,
      };
    },
  };
};

serveWorker(work);
