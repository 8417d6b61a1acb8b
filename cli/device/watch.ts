import type { Command } from 'commander';
import { z } from 'zod';
import { Bed } from '#contracts/http/beds.ts';
import { PlacedDevice } from '#contracts/http/devices.ts';
import { Gap } from '#contracts/http/gaps.ts';
import { Refusal } from '#contracts/http/refusals.ts';
import { Rejected } from '#contracts/http/rejected.ts';
import type { ServerFrame } from '#contracts/live.ts';
import { sleep } from '#platform/backoff.ts';
import { UserError } from '#platform/errors.ts';
import { type StationApi, StationRefusal } from '../../simulators/station-api.ts';
import { note, printJson, printLine } from '../output.ts';
import { runUntilSignal } from '../run-until-signal.ts';
import {
  connectToStation,
  type StationOptions,
  stationOptions,
  type Target,
  targetStation,
} from '../station-client.ts';
import { readFates } from './fates-of.ts';
import { type Happening, happeningJson, happeningText } from './happening.ts';
import { readLiveFrames } from './live-frames.ts';
import { createGapNews, createRefusalNews, createRejectedNews } from './losses-of.ts';
import { createPresence } from './presence-of.ts';

/**
 * A device, as it is heard by the station:
 *
 *   live socket ─▶ where it stands, connected or not, what is shown, late, silent
 *   event stream ─▶ each message: what was taken of it, and what was refused and why
 *   API, once a second ─▶ refused connections and publications, rejected messages and entries, what is missing
 */

const ASK_EVERY_MS = 1_000;
/** A token that we sign is good for five minutes. */
const SIGN_IN_EVERY_MS = 120_000;
const REJECTED_LISTED = 200;
/** What was rejected so long before somebody looked is told too: that may be why somebody looks. */
const LOOK_BACK_MS = 10 * 60_000;
/** In the place of an HTTP status. */
const NO_ANSWER = 0;

type WatchOptions = StationOptions & { json?: true };

type Watch = {
  readonly device: string;
  readonly options: WatchOptions;
  readonly signal: AbortSignal;
  readonly tell: (happenings: readonly Happening[]) => void;
  /** Each message is told for itself: what is shown or rejected of it need not be told again. */
  readonly messages: { areTold: boolean };
};

const statusOf = (error: UserError): number | undefined => {
  const refusal = error instanceof StationRefusal ? error : error.cause;
  return refusal instanceof StationRefusal ? refusal.status : undefined;
};

/** That the station is not asked rightly stays so. That it, or its database, is away does not: answers the status of that. */
const passingStatus = (error: unknown): number => {
  if (!(error instanceof UserError)) throw error;
  const status = statusOf(error) ?? NO_ANSWER;
  if (status > NO_ANSWER && status < 500) throw error;
  return status;
};

/** Asks again and again. `whileAway` is told why the station does not answer, once each time that this begins. */
const askAgain = async (
  { options, signal, tell }: Watch,
  ask: (api: StationApi) => Promise<Happening[]>,
  whileAway: (status: number) => Happening[],
): Promise<void> => {
  let api: StationApi | undefined;
  let signedInAt = 0;
  let isAway = false;
  while (!signal.aborted) {
    try {
      if (!api || performance.now() - signedInAt > SIGN_IN_EVERY_MS) {
        api = await connectToStation(options, signal);
        signedInAt = performance.now();
      }
      tell(await ask(api));
      isAway = false;
    } catch (error) {
      signal.throwIfAborted();
      const status = passingStatus(error);
      if (!isAway) tell(whileAway(status));
      isAway = true;
      // It may come back at another address.
      api = undefined;
    }
    await sleep(ASK_EVERY_MS, signal);
  }
};

const askRefusals = (watch: Watch): Promise<void> => {
  const news = createRefusalNews();
  const path = `devices/${encodeURIComponent(watch.device)}/refusals`;
  return askAgain(
    watch,
    async ({ request }) => news(await request(z.array(Refusal), 'GET', path)),
    () => [],
  );
};

const askLosses = (watch: Watch): Promise<void> => {
  const rejectedNews = createRejectedNews(REJECTED_LISTED, Date.now() - LOOK_BACK_MS);
  const gapNews = createGapNews();
  const { messages } = watch;
  const untold = (rejected: Happening[]): Happening[] => (messages.areTold ? [] : rejected);
  let isFirst = true;
  const query = `?device=${encodeURIComponent(watch.device)}&limit=${REJECTED_LISTED}`;
  return askAgain(
    watch,
    async ({ request }) => {
      const rejected = rejectedNews(await request(z.array(Rejected), 'GET', `rejected${query}`));
      const gaps = gapNews(await request(z.array(Gap), 'GET', `gaps${query}`));
      const wasBefore = isFirst;
      isFirst = false;
      return [...(wasBefore ? rejected : untold(rejected)), ...gaps];
    },
    (status) => (status === NO_ANSWER ? [] : [{ type: 'database-away', at: Date.now() }]),
  );
};

/** The unit that shows it: that of its bed, which may be another than its own. */
const unitOf = async ({ request }: StationApi, device: string): Promise<string> => {
  const { unit, bed } = await request(PlacedDevice, 'GET', `devices/${encodeURIComponent(device)}`);
  const beds = bed === null ? [] : await request(z.array(Bed), 'GET', 'beds');
  return beds.find(({ id }) => id === bed)?.unit ?? unit;
};

/** The unit that shows it now, and where the station is; undefined while the station does not answer. */
const findAgain = async ({ device, options, signal }: Watch): Promise<{ unit: string; target: Target } | undefined> => {
  try {
    const unit = await unitOf(await connectToStation(options, signal), device);
    return { unit, target: await targetStation(options) };
  } catch (error) {
    signal.throwIfAborted();
    passingStatus(error);
    return undefined;
  }
};

const followLive = async (watch: Watch): Promise<void> => {
  const { device, signal, tell } = watch;
  const presence = createPresence(device);
  let isLost = false;
  const setLost = (lost: boolean): void => {
    if (lost !== isLost) tell([{ type: lost ? 'station-lost' : 'station-back', at: Date.now() }]);
    isLost = lost;
  };
  const onFrame = (frame: ServerFrame, end: () => void): void => {
    setLost(false);
    const taken = presence.take(frame);
    tell(watch.messages.areTold ? taken.filter(({ type }) => type !== 'live') : taken);
    if (frame.type === 'snapshot' && !presence.isHere()) end();
  };
  while (!signal.aborted) {
    const found = await findAgain(watch);
    if (found) await readLiveFrames(found.target, found.unit, { onFrame, signal });
    if (signal.aborted) return;
    // A device that was given to another unit is looked for there.
    if (!found || presence.isHere()) setLost(true);
    await sleep(ASK_EVERY_MS, signal);
  }
};

/** Who may not be told the values, as with the token of a viewer, still hears what is shown and what was rejected. */
const followMessages = async ({ device, options, signal, tell, messages }: Watch): Promise<void> => {
  while (!signal.aborted) {
    const ended = await readFates(options, device, {
      signal,
      onOpen() {
        messages.areTold = true;
        tell([{ type: 'following', at: Date.now() }]);
      },
      onEvent: (event) =>
        tell([
          event.type === 'message'
            ? { type: 'message', at: event.fate.at, fate: event.fate }
            : { type: 'messages-skipped', at: Date.now(), count: event.count },
        ]),
    });
    messages.areTold = false;
    if (ended === 'forbidden') return;
    await sleep(ASK_EVERY_MS, signal);
  }
};

const runWatch = async (device: string, options: WatchOptions): Promise<void> => {
  const print = options.json
    ? (happening: Happening) => printJson(happeningJson(happening))
    : (happening: Happening) => printLine(happeningText(happening));
  await runUntilSignal({
    async run(signal) {
      // Whatever is wrong with the wish is told before anything is watched.
      await unitOf(await connectToStation(options, signal), device);
      if (!options.json) note(`Watching ${device}. Ctrl-C ends it.`);
      const tell = (happenings: readonly Happening[]): void => {
        for (const happening of happenings) print(happening);
      };
      const watch: Watch = { device, options, signal, tell, messages: { areTold: false } };
      await Promise.all([followLive(watch), followMessages(watch), askRefusals(watch), askLosses(watch)]);
    },
  });
};

export const addWatch = (device: Command): void => {
  stationOptions(device.command('watch').argument('<id>', 'a registered device'))
    .description('tell what a device sends and what becomes of it, until Ctrl-C; with --json a line for each')
    .addHelpText('after', '\nExample: wardwatch device watch monitor-01')
    .action(runWatch);
};
