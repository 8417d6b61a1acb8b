import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { decodeVitals } from '../../ingest/decode.ts';
import { projectFiles, ROOT } from './repository.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('the message of the README is one that the station takes whole', () => {
  const [, payload = ''] = /-m '([^']+)'/.exec(read('README.md')) ?? [];
  const { messages, faults } = decodeVitals(Buffer.from(payload));
  expect(faults).toEqual([]);
  expect(messages.flatMap(({ items }) => items)).toHaveLength(4);
});

/** Command lines in documents: what stands in code and begins with the program's name, up to where the shell takes over. */
const commandLines = (text: string): string[] =>
  [...text.matchAll(/(?:^|[\s`(])(?:npx )?wardwatch ((?:[a-z-][^\s`"'$|)]*[ ]?)+)/gm)].map(([, line = '']) =>
    line.trim(),
  );

const known = (program: Command, line: string): string[] => {
  const words = line.split(/\s+/);
  let command = program;
  for (const word of words) {
    const verb = command.commands.find((candidate) => candidate.name() === word);
    if (!verb) break;
    command = verb;
  }
  const flags = words.filter((word) => word.startsWith('--') && word !== '--help');
  return flags.filter((flag) => !command.options.some(({ long }) => long === flag));
};

const documents = projectFiles().filter((path) => /\.(md|yml)$/.test(path) || path === '.env.example');

test('every option of a command line in the documents exists', async () => {
  const program = await createProgram();
  const verbs = program.commands.map((command) => command.name());
  let lines = 0;
  for (const path of documents) {
    for (const line of commandLines(read(path)).filter((candidate) => verbs.includes(candidate.split(' ')[0] ?? ''))) {
      lines++;
      expect(known(program, line), `${path}: wardwatch ${line}`).toEqual([]);
    }
  }
  expect(lines).toBeGreaterThan(10);
});
