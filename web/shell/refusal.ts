import { Problem } from '#contracts/http/problem.ts';

/** Why the station did not do what a page asked of it. */

/**
 * `away`: the database is; live goes on. `unreachable`: the station is, or what it said was not understood. `faults` are
 * sentences for a person, in English: they name fields and figures.
 */
export type Refusal = {
  readonly isOk: false;
  readonly reason:
    | 'signed-out'
    | 'forbidden'
    | 'not-found'
    | 'conflict'
    | 'stale'
    | 'invalid'
    | 'busy'
    | 'away'
    | 'unreachable';
  readonly detail: string;
  readonly faults: readonly string[];
};

export const UNREACHABLE: Refusal = { isOk: false, reason: 'unreachable', detail: '', faults: [] };

const REASONS: Readonly<Record<number, Refusal['reason']>> = {
  400: 'invalid',
  401: 'signed-out',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'stale',
  429: 'busy',
  503: 'away',
};

/** Of a problem a page shows these. What a proxy on the way answers is no problem of the station's, and may have neither. */
const Told = Problem.pick({ detail: true, faults: true });

export const refusalOf = async (response: Response): Promise<Refusal> => {
  const { detail = '', faults = [] } = Told.safeParse(await response.json().catch(() => ({}))).data ?? {};
  const reason = REASONS[response.status] ?? 'unreachable';
  return { isOk: false, reason, detail, faults: faults.map(({ message }) => message) };
};
