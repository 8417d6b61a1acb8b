import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { parseTopic } from '#contracts/mqtt/topics.ts';
import {
  type Connection,
  connectionJson,
  isLoopback,
  readAddress,
  topicOf,
} from '../../../../web/admin/connect/connection.ts';
import { qrOf } from '../../../../web/admin/connect/qr-code.ts';
import { RECIPE_IDS, RECIPES } from '../../../../web/admin/connect/recipes.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../../../docs/connecting.md'), 'utf8');

/** The one of the documents. */
const DOCUMENTED: Connection = {
  ...{ host: 'ward.example', port: 1_883, device: 'monitor-01', unit: 'icu', secret: undefined },
};
const SHOWN: Connection = {
  ...{ host: '10.0.0.5', port: 11_883, device: 'vent-7', unit: 'hdu', secret: 'Sh0wn-once' },
};

describe('a recipe', () => {
  it.each(RECIPE_IDS)('of %s stands in docs/connecting.md as a page shows it', (id) => {
    expect(DOCS).toContain(`\n${RECIPES[id].text(DOCUMENTED)}\n\`\`\``);
  });

  it.each(RECIPE_IDS)('of %s is filled in for the device, and has its secret where there is a place for it', (id) => {
    const text = RECIPES[id].text(SHOWN);
    for (const part of [SHOWN.host, String(SHOWN.port), topicOf(SHOWN)]) expect(text).toContain(part);
    for (const part of ['ward.example', 'monitor-01', 'icu', 'SECRET']) expect(text).not.toContain(part);
    // Node-RED keeps secrets apart from its flows.
    expect(text.includes('Sh0wn-once')).toBe(id !== 'nodeRed');
  });

  it('of Node-RED can be imported', () => {
    expect(JSON.parse(RECIPES.nodeRed.text(SHOWN))).toHaveLength(5);
  });
});

describe('the connection', () => {
  it('is JSON of a named format, as docs/connecting.md says', () => {
    expect(JSON.parse(connectionJson(SHOWN))).toEqual({
      ...{ wardwatch: 1, url: 'mqtt://10.0.0.5:11883', username: 'vent-7', password: 'Sh0wn-once' },
      topic: 'ward/v1/hdu/vent-7',
    });
    expect(DOCS).toContain(connectionJson({ ...DOCUMENTED, secret: 'SECRET' }));
    expect(parseTopic(topicOf(SHOWN))).toEqual({ unit: 'hdu', device: 'vent-7', channel: 'vitals' });
  });

  it.each([
    ['ward.example', { host: 'ward.example', port: 1_883 }],
    [' ward.example:1884 ', { host: 'ward.example', port: 1_884 }],
    ['mqtt://10.0.0.5:1884', { host: '10.0.0.5', port: 1_884 }],
    ['[fe80::1]:1884', { host: '[fe80::1]', port: 1_884 }],
    ['', undefined],
    ['ward example', undefined],
    ['ward.example:0', undefined],
    ['ward.example:99999', undefined],
    ['ward.example; rm -rf /', undefined],
    ['http://ward.example', undefined],
  ])('of an address typed as %j is %j', (typed, read) => {
    expect(readAddress(typed)).toEqual(read);
  });

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['10.0.0.5', false],
    ['localhost.example', false],
  ])('by %s is of this machine alone: %s', (host, isAlone) => {
    expect(isLoopback(host)).toBe(isAlone);
  });
});

describe('a QR code', () => {
  it('is drawn with each dark module once, at its place, and a quiet zone around them', () => {
    const text = connectionJson(SHOWN);
    const { data, size } = encode(text, { ecc: 'M', border: 4 });
    const code = qrOf(text);
    const drawn = new Set([...(code?.path ?? '').matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
    const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
    expect(code?.size).toBe(size);
    expect([...drawn].sort()).toEqual(dark.sort());
    expect(dark.filter((place) => place.split(' ').some((at) => Number(at) < 4 || Number(at) >= size - 4))).toEqual([]);
  });

  it('is not made of more text than one can hold', () => {
    expect(qrOf('x'.repeat(4_000))).toBeUndefined();
  });
});
