import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '#platform/errors.ts';
import type { ProgressDisplay } from '../simulators/progress.ts';
import { compareLines, formatComparison } from './support/compare.ts';
import { medianLines } from './support/median.ts';
import { ResultLine } from './support/results.ts';

/**
 * This checkout and another in turns, each by its own bench: what else a machine does falls on both alike, so that their
 * ratio says more than two figures that were measured one after the other.
 */

const HERE = fileURLToPath(new URL('..', import.meta.url));

/** Of a release before this one too: only what is compared is read. */
const Told = z.object({ lines: z.array(ResultLine), failures: z.array(z.string()).default([]) });
type Told = z.infer<typeof Told>;

const ONLY_OURS = /^--(against|repeat|compare)$/;

/** The options that the benches of both checkouts are given. */
export const passedOn = (args: readonly string[]): string[] =>
  args.filter(
    (arg, index) =>
      !ONLY_OURS.test(arg) &&
      !/^--(against|repeat|compare)=/.test(arg) &&
      arg !== '--json' &&
      !ONLY_OURS.test(args[index - 1] ?? ''),
  );

const runIn = (folder: string, args: readonly string[]): Promise<Told> =>
  new Promise((resolveRun, reject) => {
    const command = ['--max-semi-space-size=64', 'bin/wardwatch.js', 'bench', ...args, '--json'];
    const child = spawn(process.execPath, command, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const end = (): void => void child.kill('SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
      try {
        resolveRun(Told.parse(JSON.parse(Buffer.concat(output).toString('utf8'))));
      } catch (error) {
        reject(new UserError(`the bench in ${folder} ended with ${code} and no result`, { cause: error }));
      }
    });
  });

/** Prints the medians of both and their ratios. */
export const runAgainst = async ({
  folder,
  repeat,
  args,
  json,
  progress,
}: {
  folder: string;
  repeat: number;
  args: readonly string[];
  json: boolean;
  progress: ProgressDisplay;
}): Promise<void> => {
  const theirs: ResultLine[] = [];
  const ours: ResultLine[] = [];
  const play = async (where: string, into: ResultLine[]): Promise<void> => {
    const { lines, failures } = await runIn(where, passedOn(args));
    into.push(...lines);
    for (const failure of failures) progress.line(`failed in ${where}: ${failure}`);
  };
  for (let round = 1; round <= repeat; round++) {
    progress.line(`bench: round ${round} of ${repeat}, ${folder} and then this checkout`);
    await play(resolve(folder), theirs);
    await play(HERE, ours);
  }
  const comparisons = compareLines(medianLines(theirs), medianLines(ours));
  const text = json
    ? JSON.stringify({ against: resolve(folder), rounds: repeat, comparisons })
    : formatComparison(comparisons, [`median of ${repeat} there`, 'here']);
  process.stdout.write(`${text}\n`);
};
