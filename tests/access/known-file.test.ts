import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotCurrentError } from '#contracts/ports/identities.ts';
import { type Desk, HOUR, openDesk } from './support/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

describe('many at once', () => {
  it('all of a name are ended, also what was never used, and nobody else; a new one works', async () => {
    const [unused, other] = [await desk.issue('sister'), await desk.issue('brother')];
    await desk.use(await desk.issue('sister'));
    await desk.use(other);
    desk.clock.advance(10);
    expect(await desk.identities.end({ name: 'sister' })).toBe(1);
    await desk.restart();
    await expect(desk.use(unused)).rejects.toThrow('was ended');
    await expect(desk.use(other)).resolves.toBeDefined();
    await expect(desk.use(await desk.issue('sister'))).resolves.toBeDefined();
  });

  it('all but one are ended, also what was never used', async () => {
    const [mine, used, unused] = [await desk.issue('sister'), await desk.issue('brother'), await desk.issue('other')];
    const { id } = await desk.use(mine);
    await desk.use(used);
    desk.clock.advance(10);
    expect(await desk.identities.end({ allBut: id })).toBe(1);
    await desk.restart();
    await expect(desk.use(mine)).resolves.toBeDefined();
    await expect(desk.use(used)).rejects.toThrow('was ended');
    await expect(desk.use(unused)).rejects.toThrow('was ended');
    await expect(desk.use(await desk.issue('other'))).resolves.toBeDefined();
  });
});

describe('a sign-in link', () => {
  it('that was made before all of its name were ended begins nothing', async () => {
    const madeAt = desk.clock.now();
    desk.clock.advance(10);
    await desk.identities.end({ name: 'sister' });
    await expect(desk.begin('sister', madeAt)).rejects.toThrow(NotCurrentError);
    await expect(desk.begin('brother', madeAt)).resolves.toBeDefined();
    await expect(desk.begin('sister')).resolves.toBeDefined();
  });
});

describe('the file', () => {
  it('is for the owner alone', async () => {
    await desk.use(await desk.issue('sister'));
    await desk.restart();
    expect((await stat(desk.file)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"format":1', '[]', '{"format":1,"identities":[{}]}'])(
    'that cannot be understood (%j) lets in nothing that was issued before, and is kept aside',
    async (content) => {
      const before = await desk.issue('sister');
      await desk.identities.stop();
      await writeFile(desk.file, content);
      desk.clock.advance(10);
      desk.identities = await desk.open();
      await expect(desk.use(before)).rejects.toThrow('was ended');
      await expect(desk.use(await desk.issue('sister'))).resolves.toBeDefined();
      expect(await readFile(`${desk.file}.damaged`, 'utf8')).toBe(content);
      await desk.restart();
      await expect(desk.use(before)).rejects.toThrow('was ended');
    },
  );

  it('of a newer release is not touched, and the start says so', async () => {
    await writeFile(desk.file, '{"format":2,"identities":"other"}');
    await expect(desk.open()).rejects.toThrow('made by a newer wardwatch');
    expect(await readFile(desk.file, 'utf8')).toBe('{"format":2,"identities":"other"}');
  });

  it('of this release, format 1, is read as it stands', async () => {
    const token = await desk.tokens.issue({
      id: 'one',
      name: 'sister',
      role: 'operator',
      kind: 'access',
      expiresInMs: HOUR,
    });
    const golden = {
      format: 1,
      validFromMs: 5,
      validFromOf: [{ name: 'brother', validFromMs: desk.clock.now() + 1 }],
      identities: [
        {
          ...{ id: 'one', name: 'sister', role: 'operator', issuedAtMs: 1, expiresAtMs: 2, lastUsedAtMs: 1 },
          lastCame: { door: 'mqtt', address: '::1' },
          endedAtMs: 2,
        },
      ],
    };
    await desk.identities.stop();
    await writeFile(desk.file, JSON.stringify(golden));
    desk.identities = await desk.open();
    await expect(desk.use(token)).rejects.toThrow('it was ended');
    await expect(desk.use(await desk.issue('brother'))).rejects.toThrow('was ended');
    await expect(desk.use(await desk.issue('other'))).resolves.toBeDefined();
  });
});
