import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { Environment, parseConfig } from '#platform/config.ts';
import { ROOT } from './repository.ts';

const text = readFileSync(join(ROOT, '.env.example'), 'utf8');
const example = parseEnv(text);

test('.env.example names every setting, and in the order of the schema', () => {
  const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(names).toEqual(Object.keys(Environment.shape));
});

test.each(Object.keys(Environment.shape))('%s has its default there, or none', (name) => {
  const given = Object.fromEntries(Object.entries(example).filter(([, value]) => value !== ''));
  const defaults = Environment.parse({});
  expect(Environment.parse(given)[name as keyof typeof defaults]).toEqual(defaults[name as keyof typeof defaults]);
});

test('.env.example as it is gives the defaults', () => {
  expect(parseConfig(example)).toEqual(parseConfig({}));
});

test('values in .env.example are written as people would, not left to be guessed', () => {
  const withDefault = Object.entries(Environment.parse({})).filter(([, value]) => value !== undefined);
  for (const [name] of withDefault) expect(example[name], name).not.toBe('');
});
