import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '#platform/errors.ts';

const CHUNK_BYTES = 4_096;

/** A named pipe that is full, and that nobody reads until `drain`. */
export const openFullPipe = () => {
  const path = join(tmpdir(), `wardwatch-pipe-${process.pid}-${performance.now()}`);
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  // A description of its own that waits, as a shell hands it to a program.
  const writer = openSync(path, constants.O_RDWR);
  const untilItWouldWait = (move: () => unknown): void => {
    try {
      for (;;) move();
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
    }
  };
  const filling = Buffer.alloc(CHUNK_BYTES, '\n');
  untilItWouldWait(() => writeSync(reader, filling));
  return {
    writer,
    /** All that is in it now. */
    drain(): string {
      const chunks: Buffer[] = [];
      untilItWouldWait(() => {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        chunks.push(chunk.subarray(0, readSync(reader, chunk)));
      });
      return Buffer.concat(chunks).toString('utf8');
    },
    close(): void {
      closeSync(reader);
      closeSync(writer);
      rmSync(path, { force: true });
    },
  };
};
