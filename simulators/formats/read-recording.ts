import { existsSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { UserError } from '#platform/errors.ts';
import { type Bytes, openBytes, textOf } from './bytes.ts';
import { isChallengePsv, parseChallengePsv } from './challenge-psv.ts';
import { parseCsv } from './csv.ts';
import { isEdf } from './edf/header.ts';
import { parseEdf } from './edf/stretches.ts';
import { createFolder } from './folder.ts';
import { isEicu, parseEicu } from './icu-tables/eicu.ts';
import { isMimic, parseMimic } from './icu-tables/mimic.ts';
import { isLongCsv, parseLongCsv } from './long-csv.ts';
import { isNumericsCsv, parseNumericsCsv } from './numerics-csv.ts';
import type { Recording, SourceFile } from './recording.ts';
import { isSignalsCsv, parseSignalsCsv } from './signals-csv.ts';
import { isVital } from './vitaldb/packets.ts';
import { parseVital } from './vitaldb/recording.ts';
import { isVscaptureCsv, isVscaptureJson, parseVscaptureCsv, parseVscaptureJson } from './vscapture.ts';
import { isWfdbHeader } from './wfdb/header.ts';
import { parseWfdb } from './wfdb/stretches.ts';

const SUPPORTED =
  'numerics CSV ("Time [s], HR, …" or "time_s,HR [bpm],…"), signals CSV ("Time [s], II, PLETH, …"), ' +
  'long CSV ("time,vital,value[,unit][,quality]"), WFDB record (.hea), EDF and EDF+, VitalDB (.vital), PSV of the 2019 challenge, ' +
  'chartevents of MIMIC, vitalPeriodic and vitalAperiodic of eICU, CSV and JSON of VSCapture, each also as .gz';

/** What decides the format is in the first bytes. */
const HEAD_BYTES = 4_096;

const withoutGz = (path: string): string => path.replace(/\.gz$/i, '');

/** A WFDB record may be named by its header, by its samples, or without an extension. */
const headerOf = (given: string): string => {
  const path = withoutGz(given);
  if (!['.dat', '.mat', ''].includes(extname(path))) return given;
  const header = `${path.slice(0, path.length - extname(path).length)}.hea`;
  return [header, `${header}.gz`].find(existsSync) ?? given;
};

type Reader = {
  readonly isIt: (head: string, cells: readonly string[]) => boolean;
  readonly read: (file: Omit<SourceFile, 'text'>, bytes: Bytes) => Recording;
};

const ofText =
  (parse: (source: SourceFile) => Recording): Reader['read'] =>
  (file, bytes) =>
    parse({ ...file, text: textOf(file.path, bytes) });

const READERS: readonly Reader[] = [
  // Signals first: their RESP would pass for a rate.
  { isIt: (_, cells) => isSignalsCsv(cells), read: ofText(parseSignalsCsv) },
  { isIt: (_, cells) => isNumericsCsv(cells), read: ofText(parseNumericsCsv) },
  { isIt: (_, cells) => isLongCsv(cells), read: ofText(parseLongCsv) },
  { isIt: (_, cells) => isMimic(cells), read: ofText(parseMimic) },
  { isIt: (_, cells) => isEicu(cells), read: ofText(parseEicu) },
  { isIt: (_, cells) => isVscaptureCsv(cells), read: ofText(parseVscaptureCsv) },
  { isIt: isVscaptureJson, read: ofText(parseVscaptureJson) },
  { isIt: isChallengePsv, read: ofText(parseChallengePsv) },
  { isIt: isVital, read: parseVital },
  { isIt: isEdf, read: parseEdf },
  { isIt: isWfdbHeader, read: ofText((source) => parseWfdb(source, createFolder(dirname(source.path)))) },
];

/** A file as a recording; its content decides the format. Throws a UserError that names the formats it could be. */
export const readRecording = (given: string): Recording => {
  const path = headerOf(given);
  const bytes = openBytes(path);
  const head = bytes.read(0, HEAD_BYTES).toString('utf8');
  const [cells = []] = parseCsv(head);
  const reader = READERS.find(({ isIt }) => isIt(head, cells));
  if (!reader) throw new UserError(`${path} is in no format known here: ${SUPPORTED}`);
  const bare = withoutGz(path);
  return reader.read({ path, name: basename(bare, extname(bare)) }, bytes);
};
