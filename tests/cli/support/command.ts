import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../../../bin/wardwatch.js', import.meta.url));

export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Surroundings = {
  /** Where `.env` is looked for, and a relative DATA_DIR begins. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
};

/** Settings of whoever runs the tests must not reach the program under test. */
const cleanEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG'].map((name) => [name, process.env[name]]));

export const startCommand = (
  args: readonly string[],
  { cwd, env = {}, nodeOptions = [] }: Surroundings,
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], { cwd, env: { ...cleanEnvironment(), ...env } });

/** Runs `wardwatch` to its end in a process of its own. */
export const wardwatch = async (args: readonly string[], surroundings: Surroundings): Promise<Outcome> => {
  const child = startCommand(args, surroundings);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
};
