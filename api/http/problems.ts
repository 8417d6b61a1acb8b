import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Problem } from '#contracts/http/problem.ts';

/** An error whose text may be told to the caller. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly kind: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly faults: Problem['faults'];

  constructor(
    status: number,
    kind: string,
    detail: string,
    {
      cause,
      headers = {},
      faults,
    }: { cause?: unknown; headers?: Readonly<Record<string, string>>; faults?: Problem['faults'] } = {},
  ) {
    super(detail, { cause });
    this.status = status;
    this.kind = kind;
    this.headers = headers;
    this.faults = faults;
  }
}

export const invalid = (detail: string): ProblemError => new ProblemError(400, 'invalid', detail);
/**
 * A problem of a body that matches its schema and still makes no sense; `at` is the field that every message is about.
 */
export const invalidBecause = (detail: string, at: string, messages: readonly string[]): ProblemError =>
  new ProblemError(400, 'invalid', detail, { faults: messages.map((message) => ({ in: 'body', at, message })) });
export const notFound = (detail: string): ProblemError => new ProblemError(404, 'not-found', detail);
export const busy = (detail: string): ProblemError =>
  new ProblemError(503, 'busy', detail, { headers: { 'retry-after': '10' } });
/** What was read is no longer so: of somebody else's doing, and not to be undone unseen. */
export const stale = (detail: string): ProblemError => new ProblemError(412, 'stale', detail);
export const conflict = (detail: string): ProblemError => new ProblemError(409, 'conflict', detail);

/** Makes every error of `app` a problem. What goes wrong inside is logged with its cause and never told. */
export const answerWithProblems = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError | ProblemError, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) report(request, problem.status, error);
    return send(reply, problem, error instanceof ProblemError ? error.headers : {});
  });
  app.setNotFoundHandler((request, reply) =>
    send(reply, toProblem(notFound(`there is no ${request.method} ${request.url.split('?')[0]}`))),
  );
};

/** What the router refuses before there is a route: an address that is none, or too long a part of one. */
export const answerFrameworkError = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
  send(reply, toProblem(error));
};

const send = (reply: FastifyReply, problem: Problem, headers: Readonly<Record<string, string>> = {}): FastifyReply =>
  reply.code(problem.status).headers(headers).type('application/problem+json').serializer(JSON.stringify).send(problem);

const toProblem = (error: FastifyError | ProblemError): Problem => {
  if (error instanceof ProblemError) {
    const { faults } = error;
    return problem(error.status, error.kind, { detail: error.message, ...(faults ? { faults } : {}) });
  }
  const status = error.statusCode ?? 500;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map((fault) => ({
      in: error.validationContext ?? 'request',
      at: fault.instancePath === '/' ? '' : fault.instancePath,
      message: fault.message ?? 'invalid',
    }));
    return problem(status, 'invalid', { detail: 'the request does not match its schema', faults });
  }
  // The framework's own words about a bad request may be told; nothing of a fault of ours.
  return problem(status, kindOf(status), status < 500 ? { detail: error.message } : {});
};

const problem = (status: number, kind: string, rest: Pick<Problem, 'detail' | 'faults'>): Problem => ({
  type: `urn:wardwatch:problem:${kind}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  ...rest,
});

const kindOf = (status: number): string => (STATUS_CODES[status] ?? 'error').toLowerCase().replaceAll(' ', '-');

/** The route and not the address: that may carry a code, or a patient. */
const report = (request: FastifyRequest, status: number, error: Error): void => {
  const context = { err: error, method: request.method, route: request.routeOptions.url, status };
  // An absent database is reported where it is watched, once, and not by each request that met it.
  if (status === 503) request.log.debug(context, 'request refused');
  else request.log.error(context, 'request failed');
};
