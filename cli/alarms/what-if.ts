import { type Command, InvalidArgumentError } from 'commander';
import { WHAT_IF_LINES, type WhatIf, WhatIfLine } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { AlarmOverrides, VitalAlarmSettings } from '#domain/alarms/settings.ts';
import { VITALS } from '#domain/vitals.ts';
import { coerceError, UserError } from '#platform/errors.ts';
import { createProgress, type ProgressDisplay } from '../../simulators/progress.ts';
import { refusalText } from '../../simulators/station-api.ts';
import { parseCount } from '../options.ts';
import { note, printJson, printLine, table } from '../output.ts';
import { type StationOptions, stationOptions, targetStation } from '../station-client.ts';

type Tree = { [name: string]: Tree | number | boolean | null };
type Options = StationOptions & { bed?: string; unit?: string; hours: number; set: Tree; json?: true };

const parseValue = (text: string): number | boolean | null => {
  if (text === 'off') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('Expected a number, true, false, or off for no limit.');
  return value;
};

/** `spo2.low=88` and the like, gathered: vitals are named without saying that they are vitals. */
export const gatherSettings = (text: string, before: Tree = {}): Tree => {
  const [, path = '', value = ''] = /^([\w.-]+)=(.*)$/.exec(text) ?? [];
  if (path === '') throw new InvalidArgumentError('Expected a setting like spo2.low=88.');
  const names = path.split('.');
  const steps = Object.hasOwn(VITALS, names[0] ?? '') ? ['vitals', ...names] : names;
  const put = (tree: Tree, [name = '', ...rest]: readonly string[]): Tree => {
    const inner = tree[name];
    if (rest.length === 0) return { ...tree, [name]: parseValue(value) };
    return { ...tree, [name]: put(typeof inner === 'object' && inner !== null ? inner : {}, rest) };
  };
  const settings = put(before, steps);
  const problem = AlarmOverrides.safeParse(settings).error?.issues[0];
  if (problem) throw new InvalidArgumentError(`${path}: ${problem.message}.`);
  return settings;
};

/** Lines of the answer as they come. */
async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<WhatIfLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield WhatIfLine.parse(JSON.parse(line));
  }
}

const ask = async (options: Options, progress: ProgressDisplay): Promise<WhatIf> => {
  const { bed, unit, hours, set } = options;
  const { url, token } = await targetStation(options);
  const place = bed === undefined ? `units/${encodeURIComponent(unit ?? '')}` : `beds/${encodeURIComponent(bed)}`;
  const response = await fetch(`${url}/api/v1/${place}/what-if`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: WHAT_IF_LINES,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ from: new Date(Date.now() - hours * 3_600_000).toISOString(), overrides: set }),
  }).catch((error: unknown) => {
    throw new UserError(`no station answers at ${url} (${coerceError(error).message}): start it, or name it by --url`);
  });
  if (!response.ok || !response.body) {
    const reply: unknown = await response.json().catch(() => undefined);
    throw new UserError(`the station refused: ${refusalText(response.status, reply)}`);
  }
  for await (const line of readLines(response.body)) {
    if ('result' in line) return line.result;
    if ('problem' in line) throw new UserError(`the station refused: ${line.problem}`);
    progress.update('recomputing', line.done, 1, line.bed);
  }
  throw new UserError('the station broke off: see its log');
};

const show = ({ beds, bedDays, before, after, silenced, notes }: WhatIf): void => {
  const kinds = [...new Set([...Object.keys(before.byKind), ...Object.keys(after.byKind)])].sort();
  printLine(`${beds.length} beds, ${bedDays} bed-days; alarms a bed and day:`);
  printLine(
    table(
      ['priority', 'before', 'after'],
      [...PRIORITIES.toReversed(), 'all' as const].map((one) => [
        one,
        String(before.perBedDay[one]),
        String(after.perBedDay[one]),
      ]),
    ),
  );
  printLine('');
  printLine(
    table(
      ['kind', 'alarms before', 'after'],
      kinds.map((kind) => [kind, String(before.byKind[kind] ?? 0), String(after.byKind[kind] ?? 0)]),
    ),
  );
  printLine(`\n${silenced.length} excursions would no longer alarm`);
  if (silenced.length > 0) {
    printLine(
      table(
        ['bed', 'kind', 'priority', 'from', 'to', 'limit', 'farthest', 'past it by', 'length'],
        silenced.map(({ bed, kind, priority, from, to, limit, farthest, past, lengthMs }) => [
          bed,
          kind,
          priority,
          from,
          to,
          String(limit ?? '-'),
          String(farthest ?? '-'),
          String(past ?? '-'),
          `${Math.round(lengthMs / 1_000)} s`,
        ]),
      ),
    );
  }
  for (const text of notes) note(text);
};

const runWhatIf = async (options: Options): Promise<void> => {
  const progress = createProgress(process.stderr);
  try {
    const result = await ask(options, progress);
    progress.stop();
    if (options.json) printJson(result);
    else show(result);
  } finally {
    progress.stop();
  }
};

export const addWhatIf = (alarms: Command): void => {
  const command: Command = stationOptions(alarms.command('what-if'))
    .description('the alarms of past hours with other settings')
    .option('--bed <bed>', 'of one bed')
    .option('--unit <unit>', 'of all beds of a unit')
    .option('--hours <hours>', 'how many hours back', parseCount(1, 168), 8)
    .requiredOption(
      '--set <setting=value>',
      'a setting, as the API names it; repeatable. Times in ms, off for no limit',
      gatherSettings,
    )
    .addHelpText(
      'after',
      `
Settings of a vital: ${Object.keys(VitalAlarmSettings.shape).join(', ')}; others by their own names.

Example: wardwatch alarms what-if --bed icu-01 --hours 24 --set spo2.low=88 --set spo2.delayMs=20000`,
    )
    .action(async (options: Options) => {
      if ((options.bed === undefined) === (options.unit === undefined)) {
        command.error('error: name one of --bed and --unit', { exitCode: 2 });
      }
      await runWhatIf(options);
    });
};
