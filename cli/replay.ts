import type { Command } from 'commander';
import { mappingTable } from './mapping.ts';
import { parseSpeed } from './options.ts';
import { printJson, printLine, table } from './output.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { type StationOptions, stationOptions, targetStation } from './station-client.ts';

type Options = StationOptions & { speed: number; start?: string; cbor?: true; json?: true; dryRun?: true };

/** Reads the files and tells what would be sent; no station is asked, and nothing is sent. */
const runDry = async (files: readonly string[], json: true | undefined): Promise<void> => {
  const { readRecordings } = await import('../simulators/replay.ts');
  const recordings = readRecordings(files);
  if (recordings.some(({ span }) => !span)) process.exitCode = 1;
  if (json) return printJson(recordings.map(({ frames: _, ...recording }) => recording));
  printLine(mappingTable(recordings));
  for (const { name, format, span } of recordings) {
    const length = span ? `${span.messages} messages over ${((span.lastMs - span.firstMs) / 1_000).toFixed(1)} s` : '';
    printLine(`${name}: ${format}, ${length || 'with nothing that can be sent'}`);
  }
};

const runReplay = async (files: string[], options: Options): Promise<void> => {
  if (options.dryRun) return runDry(files, options.json);
  const station = await targetStation(options);
  const { runReplayCommand } = await import('../simulators/commands.ts');
  const { speed, start, cbor, json } = options;
  await runUntilSignal({
    async run(signal) {
      const summary = await runReplayCommand({
        files,
        speed,
        ...station,
        signal,
        ...(start === undefined ? {} : { start }),
        ...(cbor ? { cbor } : {}),
      });
      if (summary.files.some(({ isStored }) => !isStored)) process.exitCode = 1;
      if (json) return printJson(summary);
      printLine(
        table(
          ['recording', 'format', 'device', 'bed', 'messages'],
          summary.files.map(({ name, format, device, bed, messages }) => [name, format, device, bed, String(messages)]),
        ),
      );
      for (const { name, sent, refused, skipped } of summary.files) {
        for (const [signal, count] of Object.entries(sent)) printLine(`${name}: ${signal}: ${count} sent`);
        for (const { from, why, values } of skipped) {
          printLine(`${name}: ${from}: ${values} values left out: ${why}`);
        }
        if (!refused) printLine(`${name}: the station does not tell what it refused`);
        for (const { reason, count, example } of refused ?? []) {
          printLine(`${name}: ${count} refused as ${reason}: ${example}`);
        }
      }
      const { acknowledged, published, startTime } = summary;
      printLine(
        `${acknowledged} of ${published} messages acknowledged; they begin at ${new Date(startTime).toISOString()}`,
      );
    },
  });
};

export const addReplay = (program: Command): void => {
  stationOptions(
    program.command('replay').argument('<files...>', 'recordings: WFDB headers, EDF and VitalDB files, tables'),
  )
    .description('play recordings through MQTT to a running station, each as a device of its own')
    .option('--mqtt <url>', "the station's MQTT address (default: as it says, else port 1883 at --url)")
    .option('--speed <factor>', 'how many times as fast as they were recorded', parseSpeed, 1)
    .option(
      '--start <time>',
      'when the first sample was, as 2026-01-31T08:00:00Z (default: so that none is in the future)',
    )
    .option('--cbor', 'publish CBOR instead of JSON')
    .option('--dry-run', 'print what each signal becomes, or why it is left out, and send nothing')
    .addHelpText(
      'after',
      `
Reads WFDB records (the .hea beside its .dat), EDF and EDF+, BIDMC numerics and signals (CSV), long CSV (time, vital,
value, perhaps unit and quality), VitalDB files, chartevents of MIMIC, vital signs of eICU, VSCapture's CSV and JSON, and PSV
of the 2019 challenge, each also compressed (.gz). A unit is understood, or its signal is left out by name.
Exit code 1: of a file nothing was stored, or by --dry-run nothing can be sent.

Examples: wardwatch replay 3000003.hea --dry-run
          wardwatch replay bidmc_01_Numerics.csv bidmc_01_Signals.csv --speed 50`,
    )
    .action(runReplay);
};
