import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { UserError } from '#platform/errors.ts';
import { addAlarms } from './alarms.ts';
import { addBench } from './bench.ts';
import { addDemo } from './demo.ts';
import { addDevice } from './device.ts';
import { addDoctor } from './doctor.ts';
import { addMigrate } from './migrate.ts';
import { note } from './output.ts';
import { addReplay } from './replay.ts';
import { addSimulate } from './simulate.ts';
import { addStart } from './start.ts';
import { addToken } from './token.ts';
import { version } from './version.ts';

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;
/** EX_SOFTWARE of sysexits.h. */
const EXIT_BUG = 70;

export const createProgram = (): Command => {
  const program = new Command('wardwatch')
    .description('Open, real-time, multi-bed patient monitoring. Not a certified medical device.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wardwatch: ')) })
    .showHelpAfterError('(add --help to see how)');
  for (const addVerb of [
    addStart,
    addDemo,
    addMigrate,
    addSimulate,
    addReplay,
    addDevice,
    addToken,
    addDoctor,
    addAlarms,
    addBench,
  ]) {
    addVerb(program);
  }
  return program.addHelpText(
    'after',
    '\nSettings come from the environment and from .env, see .env.example.\nExample: wardwatch demo --beds 4',
  );
};

/** Prints what was thrown as its kind deserves, and returns the exit code for it. */
const report = (thrown: unknown): number => {
  // Commander has already printed what is wrong.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : EXIT_USAGE;
  if (thrown instanceof UserError) {
    note(`wardwatch: ${thrown.message}`);
    return EXIT_FAULT;
  }
  note(`wardwatch: this is a bug, please report it with the lines below\n${inspect(thrown)}`);
  return EXIT_BUG;
};

/** Runs one command line and sets the exit code. `args`: without node and script. */
export const run = async (args: readonly string[]): Promise<void> => {
  process.on('uncaughtException', (error) => process.exit(report(error)));
  // A reader that went away, as `head` does, is no fault of ours.
  process.stdout.on('error', () => process.exit(0));
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    // The process is ended, and not only given the exit code: what failed half-way may have left something open.
    process.exit(report(error));
  }
};
