import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deferred } from './deferred.ts';

/**
 * A load or watch process: load must not share an event loop with what is measured, nor with the measuring.
 * The first message to it is its job, all later ones are commands; it answers with `ready`, ticks, and one result.
 */
export type WorkerMessage<Tick, Result> =
  | { readonly event: 'ready' }
  | { readonly event: 'tick'; readonly tick: Tick }
  | { readonly event: 'result'; readonly result: Result }
  | { readonly event: 'failed'; readonly reason: string };

export type Worker<Command, Tick, Result> = {
  readonly pid: number;
  /** Rejects when the worker fails or ends before. */
  readonly ready: Promise<void>;
  readonly send: (command: Command) => void;
  /** The last tick, for what only wants to know how it stands. */
  readonly latest: () => Tick | undefined;
  /** Asks for the result and lets the process end. */
  readonly finish: () => Promise<Result>;
  /** Ends it at once; harmless after its end. */
  readonly kill: () => void;
};

export const FINISH = 'finish';

// Node from 22.18 on reads TypeScript by itself.
const loader =
  'typescript' in process.features && process.features.typescript ? [] : ['--import', import.meta.resolve('tsx')];

export const startWorker = <Job extends object, Command extends object, Tick, Result>(
  file: URL,
  job: Job,
): Worker<Command, Tick, Result> => {
  const child: ChildProcess = fork(fileURLToPath(file), { execArgv: loader, stdio: ['ignore', 2, 2, 'ipc'] });
  let latest: Tick | undefined;
  const ready = deferred<void>();
  const result = deferred<Result>();
  const fail = (reason: string) => {
    const error = new Error(`the load process ${file.pathname.split('/').at(-1)}: ${reason}`);
    ready.reject(error);
    result.reject(error);
  };
  child.on('message', (message: WorkerMessage<Tick, Result>) => {
    if (message.event === 'ready') ready.resolve();
    else if (message.event === 'tick') latest = message.tick;
    else if (message.event === 'result') result.resolve(message.result);
    else fail(message.reason);
  });
  child.once('exit', (code, signal) => fail(`ended (${signal ?? code})`));
  child.once('error', (error) => fail(error.message));
  child.send(job);
  const send = (command: object): void => {
    if (child.connected) child.send(command);
  };
  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    send,
    latest: () => latest,
    async finish() {
      send({ command: FINISH });
      return await result.promise;
    },
    kill: () => child.kill('SIGKILL'),
  };
};

/** The other side: runs `work` with the first message and hands it what comes later. */
export const serveWorker = <Job, Command, Tick, Result>(
  work: (
    job: Job,
    tell: { readonly ready: () => void; readonly tick: (tick: Tick) => void },
  ) => Promise<{ readonly onCommand: (command: Command) => void; readonly finish: () => Promise<Result> | Result }>,
): void => {
  const send = (message: WorkerMessage<Tick, Result>, then?: () => void): void => {
    process.send?.(message, undefined, undefined, () => then?.());
  };
  const failed = (error: unknown): void =>
    send({ event: 'failed', reason: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
  // Without its parent the load is of no use.
  process.on('disconnect', () => process.exit(0));
  process.on('uncaughtException', failed);
  process.once('message', (job: Job) => {
    const tell = { ready: () => send({ event: 'ready' }), tick: (tick: Tick) => send({ event: 'tick', tick }) };
    work(job, tell).then(({ onCommand, finish }) => {
      process.on('message', async (message: Command & { readonly command?: string }) => {
        if (message.command !== FINISH) return onCommand(message);
        send({ event: 'result', result: await finish() }, () => process.exit(0));
      });
    }, failed);
  });
};
