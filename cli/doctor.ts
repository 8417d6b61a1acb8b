import type { Command } from 'commander';
import { type Finding, inspect } from './doctor/inspect.ts';
import { note, printJson, printLine, table } from './output.ts';
import { DATA_DIR_OPTION, readSettings } from './settings.ts';

const MARKS = { ok: 'ok', warn: 'WARN', fail: 'FAIL' } as const;

const show = (findings: readonly Finding[]): void => {
  printLine(
    table(
      ['', 'check', 'finding'],
      findings.map(({ status, check, detail }) => [MARKS[status], check, detail]),
    ),
  );
  for (const { status, check, remedy } of findings) {
    if (remedy !== undefined) note(`${MARKS[status]} ${check}: ${remedy}`);
  }
};

export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('check settings, ports, disk, database and clock, and how a running station feels')
    .option(...DATA_DIR_OPTION)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExit code 1 when a check fails. It changes nothing.\n\nExample: wardwatch doctor --json')
    .action(async (options: { dataDir?: string; json?: true }) => {
      const findings = await inspect(readSettings(options));
      if (options.json) printJson(findings);
      else show(findings);
      if (findings.some(({ status }) => status === 'fail')) process.exitCode = 1;
    });
};
