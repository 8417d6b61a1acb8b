import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>wardwatch</title>
<h1>The wall display is not built</h1><p>Run <code>npm run build</code>, then load this page again.</p>`;

/** Addresses of the one page there is; which of its screens is shown is for the page to say. */
const PAGES = ['/wall', '/beds/:bed', '/alarms', '/admin', '/sessions', '/devices/:device'];

/** The wall display and its files, from the folder of the built web app. Open to all: it shows nothing by itself. */
export const serveWall = async (app: FastifyInstance, webRoot: string): Promise<void> => {
  await app.register(fastifyStatic, { root: webRoot, index: false, suppressWarning: true });

  app.get('/', (_request, reply) => reply.redirect('/wall'));

  const sendPage = async (_request: FastifyRequest, reply: FastifyReply) => {
    const isBuilt = await access(join(webRoot, 'index.html')).then(
      () => true,
      () => false,
    );
    if (!isBuilt) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    // Its scripts have names that change with their content; the page itself must always be the newest.
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
  };
  for (const path of PAGES) app.get(path, sendPage);
};
