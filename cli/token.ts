import { type Command, Option } from 'commander';
import { ROLES, type Role } from '#contracts/roles.ts';
import { operatorName, tokensOf } from './identity.ts';
import { parseDurationMs } from './options.ts';
import { note, printJson, printLine } from './output.ts';
import { DATA_DIR_OPTION, readConfig } from './settings.ts';
import { findStation } from './station-client.ts';

type TokenOptions = { dataDir?: string; name: string; role: Role; expires?: number; link?: true; json?: true };

const DEFAULT_LIFETIME_MS = { access: 12 * 3_600_000, link: 10 * 60_000 };

/** Where a browser opens the sign-in link: what people are told to use, else where the station listens. */
export const signInUrl = (base: string, code: string): string => `${base}/sign-in?code=${encodeURIComponent(code)}`;

const runToken = async ({ dataDir, name, role, expires, link, json }: TokenOptions): Promise<void> => {
  const config = readConfig(dataDir === undefined ? {} : { dataDir });
  const station = await findStation(config.dataDir);
  const tokens = await tokensOf(station?.dataDir ?? config.dataDir);
  const kind = link ? 'link' : 'access';
  const expiresInMs = expires ?? DEFAULT_LIFETIME_MS[kind];
  const token = await tokens.issue({ name, role, kind, expiresInMs });
  const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
  const base = config.publicUrl ?? station?.info.http ?? `http://${config.host}:${config.httpPort}`;
  const result = link ? { link: signInUrl(base, token) } : { token };

  if (json) return printJson({ name, role, expiresAt, ...result });
  printLine(result.link ?? result.token ?? '');
  note(`For ${name} as ${role}, until ${expiresAt}${link ? ', good for one sign-in' : ''}.`);
  if (link && !station) note('No station is running: a link made before the start is refused, make it afterwards.');
};

export const addToken = (program: Command): void => {
  program
    .command('token')
    .description('print a bearer token for the API and the live socket, or a sign-in link for a browser')
    .option(...DATA_DIR_OPTION)
    .option('--name <name>', 'whom it is for, as the audit log will say', operatorName())
    .addOption(
      new Option('--role <role>', 'viewer reads, operator also writes, integration listens over MQTT alone')
        .choices(ROLES)
        .default('operator'),
    )
    .option('--expires <duration>', 'how long it is good for (default: 12h, a link 10min)', parseDurationMs)
    .option('--link', 'print a one-time sign-in link instead')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Whoever can read the key in DATA_DIR/secrets can make tokens. What was used is listed at /sessions, and ended there.

Example: curl -H "Authorization: Bearer $(wardwatch token --role viewer)" http://127.0.0.1:8080/api/v1/beds`,
    )
    .action(runToken);
};
