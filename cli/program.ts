import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { UserError } from '#platform/errors.ts';
import { note } from './output.ts';
import { version } from './version.ts';

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;
/** EX_SOFTWARE of sysexits.h. */
const EXIT_BUG = 70;

/**
 * The verbs, in the order of the help. Only the one that is asked for is loaded: the others are some fifty files more to read,
 * while a station that starts again could take messages.
 */
const VERBS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start.ts')).addStart,
  demo: async () => (await import('./demo.ts')).addDemo,
  migrate: async () => (await import('./migrate.ts')).addMigrate,
  simulate: async () => (await import('./simulate.ts')).addSimulate,
  replay: async () => (await import('./replay.ts')).addReplay,
  device: async () => (await import('./device.ts')).addDevice,
  gateway: async () => (await import('./gateway.ts')).addGateway,
  token: async () => (await import('./token.ts')).addToken,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  alarms: async () => (await import('./alarms.ts')).addAlarms,
  bench: async () => (await import('./bench.ts')).addBench,
};

/** `verb` undefined, or none there is: the program with all verbs, which knows what to say about it. */
export const createProgram = async (verb?: string): Promise<Command> => {
  const program = new Command('wardwatch')
    .description('Open, real-time, multi-bed patient monitoring. Not a certified medical device.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wardwatch: ')) })
    .showHelpAfterError('(add --help to see how)');
  const asked = Object.entries(VERBS).filter(([name]) => name === verb);
  for (const [, load] of asked.length > 0 ? asked : Object.entries(VERBS)) (await load())(program);
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
    const program = await createProgram(args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // The process is ended, and not only given the exit code: what failed half-way may have left something open.
    process.exit(report(error));
  }
};
