import type {} from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { InvalidTokenError, type Role, type Tokens } from '#platform/tokens.ts';
import type { Guests } from './guests.ts';
import { ProblemError } from './problems.ts';

/** Who asks, and for how long that is known. */
export type Identity = {
  readonly name: string;
  readonly role: Role;
  readonly expiresAtMs: number;
  /** A browser sends its cookie with every request, whoever made it ask; a bearer token comes only from its holder. */
  readonly by: 'bearer' | 'cookie';
};

/** What a route lets in: anybody, any signed-in role, or operators. */
export type Access = 'open' | 'read' | 'write';

declare module 'fastify' {
  interface FastifyRequest {
    /** null only on open routes. */
    identity: Identity | null;
  }
  interface FastifyContextConfig {
    /** Default: `read` for GET and HEAD, `write` for the rest. */
    access?: Access;
  }
}

export const SESSION_COOKIE = 'wardwatch_session';

/** The hook that lets requests in, or refuses them with 401 or 403. */
export const createGatekeeper = ({
  tokens,
  publicUrl,
  guests,
}: {
  tokens: Tokens;
  publicUrl: string | undefined;
  guests: Guests;
}) => {
  const ourOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;

  /** Browsers always send Origin with writes and with WebSocket upgrades: its absence is as bad as a foreign one. */
  const isSameOrigin = ({ headers }: FastifyRequest): boolean => {
    const { origin, host } = headers;
    if (!origin || !URL.canParse(origin)) return false;
    return origin === ourOrigin || new URL(origin).host === host;
  };

  return async (request: FastifyRequest): Promise<void> => {
    const access = request.routeOptions.config.access ?? (isRead(request) ? 'read' : 'write');
    if (access === 'open') return;
    const identity = await identify(request, tokens);
    const canForge = identity.by === 'cookie' && (!isRead(request) || request.headers.upgrade !== undefined);
    if (canForge && !isSameOrigin(request)) throw forbidden('this page may not do that: Origin is not ours');
    if (access === 'write' && identity.role !== 'operator') throw forbidden('this needs the role operator');
    if (!guests.letIn(request.raw.socket, identity.name)) throw tooMany();
    request.identity = identity;
  };
};

/** The name for the audit log; only for routes that are not open. */
export const actorOf = (request: FastifyRequest): string => {
  if (!request.identity) throw new Error('an open route has no actor');
  return request.identity.name;
};

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

const identify = async (request: FastifyRequest, tokens: Tokens): Promise<Identity> => {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer ?? request.cookies[SESSION_COOKIE];
  if (!token) throw unauthorized('sign in first');
  try {
    const { name, role, expiresAtMs } = await tokens.verify(token, 'access');
    return { name, role, expiresAtMs, by: bearer ? 'bearer' : 'cookie' };
  } catch (error) {
    if (!(error instanceof InvalidTokenError)) throw error;
    throw unauthorized(`sign in again: ${error.message}`);
  }
};

export const unauthorized = (detail: string): ProblemError =>
  new ProblemError(401, 'unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });

const tooMany = (): ProblemError =>
  new ProblemError(503, 'too-many-connections', 'too many connections are open under this name', {
    headers: { connection: 'close', 'retry-after': '5' },
  });

const forbidden = (detail: string): ProblemError => new ProblemError(403, 'forbidden', detail);
