import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { coerceError, UserError } from '#platform/errors.ts';
import { parseCsv } from './csv.ts';
import { isLongCsv, parseLongCsv } from './long-csv.ts';
import { isNumericsCsv, parseNumericsCsv } from './numerics-csv.ts';
import type { Recording, SourceFile } from './recording.ts';
import { isSignalsCsv, parseSignalsCsv } from './signals-csv.ts';
import { parseWfdb } from './wfdb.ts';
import { isWfdbHeader } from './wfdb-header.ts';

const SUPPORTED =
  'numerics CSV ("Time [s], HR, …" or "time_s,HR [bpm],…"), signals CSV ("Time [s], II, PLETH, …"), ' +
  'long CSV ("time,vital,value[,unit][,quality]"), WFDB record (.hea with format 16 or 212)';

const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${coerceError(error).message}`, { cause: error });
  }
};

/** A WFDB record may be named by its header, by its samples, or without an extension. */
const headerOf = (path: string): string => {
  const header = `${path.slice(0, path.length - extname(path).length)}.hea`;
  return ['.dat', '.mat', ''].includes(extname(path)) && existsSync(header) ? header : path;
};

/** A file as a recording; its content decides the format. Throws a UserError that names the formats it could be. */
export const readRecording = (given: string): Recording => {
  const path = headerOf(given);
  const text = read(path).toString('utf8');
  const source: SourceFile = { path, name: basename(path, extname(path)), text };
  const [header = []] = parseCsv(text.slice(0, 4_096));
  // Signals first: their RESP would pass for a rate.
  if (isSignalsCsv(header)) return parseSignalsCsv(source);
  if (isNumericsCsv(header)) return parseNumericsCsv(source);
  if (isLongCsv(header)) return parseLongCsv(source);
  if (isWfdbHeader(text)) return parseWfdb(source, (name) => read(join(dirname(path), basename(name))));
  throw new UserError(`${path} is in no format known here: ${SUPPORTED}`);
};
