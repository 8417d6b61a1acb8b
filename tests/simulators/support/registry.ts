import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Row = Record<string, unknown>;

/** The part of the station's HTTP API that a ward or a replay uses, kept in memory. */
export const startRegistry = async () => {
  const tables: Record<string, Row[]> = {
    units: [],
    beds: [],
    devices: [],
    patients: [],
    encounters: [],
    assignments: [],
    rejected: [],
  };
  const requests: string[] = [];

  const handle = (method: string, path: string, query: URLSearchParams, body: Row): [number, unknown] => {
    const [table = '', id, action] = path.split('/').map(decodeURIComponent);
    const rows = tables[table];
    if (!rows) return [404, { title: 'not found' }];
    if (method === 'GET') {
      const wanted = [...query].filter(([name]) => name !== 'open' && name !== 'limit');
      return [200, rows.filter((row) => wanted.every(([name, value]) => name === 'search' || row[name] === value))];
    }
    if (method === 'PUT') {
      tables[table] = [...rows.filter((row) => row.id !== id), { id, ...body }];
      return [200, { id, ...body }];
    }
    if (action === 'secret') return [200, { username: id, secret: `renewed-${id}` }];
    if (method === 'PATCH') {
      const row = rows.find((candidate) => String(candidate.id) === id);
      return row ? [200, Object.assign(row, body)] : [404, { title: 'not found' }];
    }
    if (table === 'patients' && rows.some(({ mrn }) => mrn === body.mrn))
      return [409, { title: 'a patient has this mrn' }];
    if (table === 'devices') {
      rows.push(body);
      return [201, { device: body, username: body.id, secret: `first-${body.id}` }];
    }
    const row = { id: rows.length + 1, end: null, ...body };
    rows.push(row);
    return [201, row];
  };

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://station');
      const path = pathname.replace('/api/v1/', '');
      requests.push(`${request.method} ${path}`);
      const [status, reply] = handle(request.method ?? '', path, searchParams, text ? JSON.parse(text) : {});
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tables,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
