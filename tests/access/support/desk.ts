import { join } from 'node:path';
import { expect } from 'vitest';
import type { CameFrom } from '#contracts/ports/identities.ts';
import type { Role } from '#contracts/roles.ts';
import { createLog } from '#platform/log.ts';
import { createTokens } from '#platform/tokens.ts';
import { openIdentities } from '../../../access/identities.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const HOUR = 3_600_000;
export const BROWSER: CameFrom = { door: 'browser', address: '10.0.0.7' };
export const PROGRAM: CameFrom = { door: 'http', address: '10.0.0.8' };

/** Identities on a disk of their own, with a clock that stands still. `close` it afterwards. */
export const openDesk = async () => {
  const folders = temporaryFolder();
  const dataDir = await folders.make();
  const clock = createFakeClock();
  const tokens = createTokens({ key: Buffer.alloc(32, 7), clock });
  /** As after a start, also while others are open on the same disk: then they have crashed. */
  const open = () => openIdentities({ dataDir, tokens, clock, log: createLog({ level: 'silent' }) });
  const desk = {
    ...{ dataDir, clock, tokens, open },
    file: join(dataDir, 'identities.json'),
    identities: await open(),
    async restart(): Promise<void> {
      await desk.identities.stop();
      desk.identities = await open();
    },
    issue: (name: string, expiresInMs = HOUR, role: Role = 'operator') =>
      tokens.issue({ name, role, kind: 'access', expiresInMs }),
    begin: (name: string, issuedAtMs = clock.now()) =>
      desk.identities.begin({ id: 'link', name, role: 'viewer', issuedAtMs }, HOUR, BROWSER),
    use: (token: string, came = PROGRAM) => desk.identities.identify(token, came),
    async close(): Promise<void> {
      await desk.identities.stop();
      expect(clock.pending()).toBe(0);
      await folders.remove();
    },
  };
  return desk;
};

export type Desk = Awaited<ReturnType<typeof openDesk>>;
