import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from './errors.ts';

/**
 * Where a running station can be reached: `station.json` in its DATA_DIR, written when it is ready and removed when it
 * stops. After a crash it stays, so a reader must try the address before it believes the file.
 */
export const StationInfo = z.object({
  pid: z.int().positive(),
  http: z.url(),
  mqtt: z.url(),
  mqtts: z.url().optional(),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
});
export type StationInfo = z.infer<typeof StationInfo>;

const pathIn = (dataDir: string): string => join(dataDir, 'station.json');

/** The file is put in place by a rename, so that no reader ever sees half of it. */
export const writeStationFile = async (dataDir: string, info: StationInfo): Promise<void> => {
  const draft = `${pathIn(dataDir)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(info, null, 2)}\n`);
  await rename(draft, pathIn(dataDir));
};

/** undefined when there is no such file, or none that can be understood. */
export const readStationFile = async (dataDir: string): Promise<StationInfo | undefined> => {
  try {
    return StationInfo.parse(JSON.parse(await readFile(pathIn(dataDir), 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

export const removeStationFile = (dataDir: string): Promise<void> => rm(pathIn(dataDir), { force: true });
