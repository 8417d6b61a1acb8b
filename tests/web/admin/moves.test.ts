import { describe, expect, it } from 'vitest';
import { carryOut, type Move } from '../../../web/admin/moves.ts';
import { createServer } from '../../../web/shell/server.ts';

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const AT = '2026-01-02T03:04:05.000Z';

type Reply = number | 'silence';

/** A station that answers each change in turn, and keeps what it was asked to change; `open` are the stays it tells of. */
const station = (...replies: readonly Reply[]) => stationWith([], replies);

const stationWith = (open: readonly { id: number }[], replies: readonly Reply[]) => {
  const asked: string[] = [];
  const left = [...replies];
  const server = createServer(async (address, init) => {
    if (init?.method === undefined) return new Response(JSON.stringify(open));
    asked.push(`${init?.method} ${String(address).replace('/api/v1/', '')} ${init?.body}`);
    const reply = left.shift();
    if (reply === undefined || reply === 'silence') throw new TypeError('no answer');
    return new Response(JSON.stringify({ detail: 'because' }), { status: reply });
  });
  return { server, asked };
};

const transfer: Move = { kind: 'encounters', ends: [7], begins: { patient: 3, bed: 'icu-2' }, atMs: AT_MS };

describe('a transfer', () => {
  it('ends one stay and begins the next at the very same time', async () => {
    const { server, asked } = station(200, 201);
    expect(await carryOut(server, transfer)).toEqual({ result: 'done' });
    expect(asked).toEqual([
      `PATCH encounters/7 {"end":"${AT}"}`,
      `POST encounters {"patient":3,"bed":"icu-2","start":"${AT}"}`,
    ]);
  });

  it('to a bed that somebody else lies in changes nothing', async () => {
    const { server, asked } = stationWith([{ id: 7 }, { id: 8 }], []);
    expect(await carryOut(server, transfer)).toMatchObject({ result: 'refused', refusal: { reason: 'conflict' } });
    expect(asked).toEqual([]);
  });

  it('is not stopped by the stay that it ends', async () => {
    const { server } = stationWith([{ id: 7 }], [200, 201]);
    expect(await carryOut(server, transfer)).toEqual({ result: 'done' });
  });

  it('that is refused at once changes nothing', async () => {
    const { server, asked } = station(403);
    expect(await carryOut(server, transfer)).toMatchObject({ result: 'refused', refusal: { reason: 'forbidden' } });
    expect(asked).toHaveLength(1);
  });

  it('whose second step is refused puts the patient back', async () => {
    const { server, asked } = station(200, 409, 200);
    expect(await carryOut(server, transfer)).toMatchObject({ result: 'undone', refusal: { reason: 'conflict' } });
    expect(asked.at(-1)).toBe('PATCH encounters/7 {"end":null}');
  });

  it('that can neither go on nor back says that it is half done', async () => {
    const { server } = station(200, 409, 503);
    expect(await carryOut(server, transfer)).toMatchObject({ result: 'half' });
  });

  it.each([[['silence']], [[200, 'silence', 'silence']], [[200, 'silence', 409]]] as const)(
    'that gets %j for answers is not said to be done or undone',
    async (replies) => {
      const { server } = station(...replies);
      expect(await carryOut(server, transfer)).toMatchObject({ result: 'unknown' });
    },
  );
});

describe('a device put in the place of another', () => {
  const move: Move = { kind: 'assignments', ends: [1, 2], begins: { device: 'mon-9', bed: 'icu-2' }, atMs: AT_MS };

  it('takes both stays back in reverse when it cannot be put there', async () => {
    const { server, asked } = station(200, 200, 404, 200, 200);
    expect(await carryOut(server, move)).toMatchObject({ result: 'undone' });
    expect(asked.slice(-2)).toEqual(['PATCH assignments/2 {"end":null}', 'PATCH assignments/1 {"end":null}']);
  });

  it('stops at the first stay that will not end', async () => {
    const { server, asked } = station(200, 404, 200);
    expect(await carryOut(server, move)).toMatchObject({ result: 'undone' });
    expect(asked).toHaveLength(3);
  });
});

it('a discharge is only an end', async () => {
  const { server, asked } = station(200);
  expect(await carryOut(server, { ...transfer, begins: undefined })).toEqual({ result: 'done' });
  expect(asked).toEqual([`PATCH encounters/7 {"end":"${AT}"}`]);
});
