import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { hashSecret, newSecret, readOrCreateSecret, secretMatches } from '#platform/secrets.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('a secret of the station', () => {
  it('is made once and then stays, readable by its owner alone', async () => {
    const first = await readOrCreateSecret(dataDir, 'token.key');
    expect(first).toHaveLength(32);
    expect(await readOrCreateSecret(dataDir, 'token.key')).toEqual(first);
    expect((await stat(join(dataDir, 'secrets', 'token.key'))).mode & 0o777).toBe(0o600);
  });

  it('is the same for all who ask at once, and leaves nothing else behind', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(dataDir, 'token.key')));
    expect(new Set(all.map((secret) => secret.toString('hex'))).size).toBe(1);
    expect(await readdir(join(dataDir, 'secrets'))).toEqual(['token.key']);
  });

  it('that is damaged is refused with the remedy', async () => {
    await readOrCreateSecret(dataDir, 'token.key');
    await writeFile(join(dataDir, 'secrets', 'token.key'), 'short');
    const refusal = readOrCreateSecret(dataDir, 'token.key');
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow('delete it');
  });
});

describe('a secret of a device', () => {
  it('is 256 bits of text and matches its own hash only', () => {
    const secret = newSecret();
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(secretMatches(secret, hashSecret(secret))).toBe(true);
    expect(secretMatches(newSecret(), hashSecret(secret))).toBe(false);
    expect(secretMatches(secret, Buffer.alloc(5))).toBe(false);
  });
});
