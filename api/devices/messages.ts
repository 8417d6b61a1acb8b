import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FateEvent, MessageFate } from '#contracts/http/message-fate.ts';
import { Problem } from '#contracts/http/problem.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, ProblemError } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, writeErrors } from '../http/schemas.ts';

/**
 * The fate of each message of a device, as server-sent events. It holds values of a patient, so it is for operators alone.
 * Who does not read is told how much was left out, and slows nobody.
 */

/** Followers of all devices: each costs the work of telling. */
const MAX_FOLLOWERS = 16;
const MAX_WAITING_BYTES = 256 * 1_024;
/** Proxies end what is silent for a minute. */
const ALIVE_EVERY_MS = 15_000;
const RETRY_AFTER_S = '10';

type Deps = Pick<RouteDeps, 'deviceWatch' | 'clock'>;

const eventText = (event: FateEvent): string => `data: ${JSON.stringify(event)}\n\n`;

/** A stream that is never full: past a bound events are counted instead. */
const createEvents = (stream: Readable) => {
  let skipped = 0;
  return {
    tell(fate: MessageFate): void {
      if (stream.readableLength > MAX_WAITING_BYTES) {
        skipped++;
        return;
      }
      if (skipped > 0) stream.push(eventText({ type: 'skipped', count: skipped }));
      skipped = 0;
      stream.push(eventText({ type: 'message', fate }));
    },
  };
};

/** Ends with the follower, or with the station. */
const openStream = (
  { deviceWatch, clock }: { deviceWatch: Deps['deviceWatch']; clock: Clock },
  device: string,
): Readable => {
  const stream = new Readable({ read: () => undefined });
  const { tell } = createEvents(stream);
  const end = deviceWatch.follow(device, tell);
  const cancel = clock.every(ALIVE_EVERY_MS, () => {
    if (stream.readableLength < MAX_WAITING_BYTES) stream.push(': alive\n\n');
  });
  stream.once('close', () => {
    end();
    cancel();
  });
  // The head of the answer goes out with its first bytes.
  stream.push(': following\n\n');
  return stream;
};

const busy = (): ProblemError =>
  new ProblemError(429, 'busy', `at most ${MAX_FOLLOWERS} devices are followed at once`, {
    headers: { 'retry-after': RETRY_AFTER_S },
  });

export const messageRoutes = (app: ApiApp, deps: Deps): void => {
  const streams = new Set<Readable>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.push(null);
  });
  app.get(
    '/devices/:id/messages',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['Registry'],
        summary: 'What becomes of each message of a device from now on, as server-sent events; for operators',
        description: 'Each event is a FateEvent: see docs/messages.md.',
        params: ById,
        response: {
          200: {
            description: 'Events, until either side ends it',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...writeErrors,
          429: { description: 'Too many are followed', content: { 'application/problem+json': { schema: Problem } } },
        },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await deps.deviceWatch.rhythm(id))) throw notFound(`there is no device ${id}`);
      if (streams.size >= MAX_FOLLOWERS) throw busy();
      const stream = openStream(deps, id);
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      // A stream is sent as it is: the schema describes the text in it.
      const untyped: FastifyReply = reply;
      // Nginx hands on at once what is marked so.
      return untyped.header('x-accel-buffering', 'no').type('text/event-stream').send(stream);
    },
  );
};
