import { readFile, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotCurrentError } from '#contracts/ports/identities.ts';
import { BROWSER, type Desk, HOUR, openDesk, PROGRAM } from './support/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

describe('an identity', () => {
  it('is who the token was issued to, for as long as the token lasts', async () => {
    const sister = await desk.use(await desk.issue('sister'));
    expect(sister).toMatchObject({ name: 'sister', role: 'operator' });
    expect(sister.expiresAtMs()).toBe(desk.clock.now() + HOUR);
    desk.clock.advance(HOUR - 1);
    expect(sister.isCurrent()).toBe(true);
    desk.clock.advance(1);
    expect(sister.isCurrent()).toBe(false);
  });

  it('that is ended is refused from then on, and so is a copy of its token', async () => {
    const token = await desk.issue('sister');
    const [one, copy] = [await desk.use(token), await desk.use(token, BROWSER)];
    expect(await desk.identities.end({ id: one.id })).toBe(1);
    expect([one.isCurrent(), copy.isCurrent()]).toEqual([false, false]);
    await expect(desk.use(token)).rejects.toThrow(NotCurrentError);
    expect(await desk.identities.end({ id: one.id })).toBe(0);
  });

  it('that is ended stays ended after a restart and after a crash', async () => {
    const [ended, other] = [await desk.issue('sister'), await desk.issue('brother')];
    await desk.use(other);
    await desk.identities.end({ id: (await desk.use(ended)).id });
    const crashed = await desk.open();
    await expect(crashed.identify(ended, PROGRAM)).rejects.toThrow('it was ended');
    await crashed.stop();
    await desk.restart();
    await expect(desk.use(ended)).rejects.toThrow('it was ended');
    await expect(desk.use(other)).resolves.toMatchObject({ name: 'brother' });
  });

  it('tells each who waits, once, that it was ended; who has left is not told', async () => {
    const sister = await desk.use(await desk.issue('sister'));
    let told = 0;
    const listener = () => void told++;
    sister.onOver(listener);
    sister.onOver(listener);
    sister.onOver(listener)();
    await desk.identities.end({ id: sister.id });
    desk.clock.advance(10_000);
    expect(told).toBe(2);
  });

  it('tells within a second that it has expired, and one who comes too late as well', async () => {
    const sister = await desk.use(await desk.issue('sister'));
    const told: string[] = [];
    sister.onOver(() => told.push('waited'));
    desk.clock.advance(HOUR - 1);
    expect(told).toEqual([]);
    desk.clock.advance(1_000);
    sister.onOver(() => told.push('late'));
    desk.clock.advance(1_000);
    expect(told).toEqual(['waited', 'late']);
  });

  it('is over at once even when the disk does not take it, and whoever ended it hears of that', async () => {
    const token = await desk.issue('sister');
    const sister = await desk.use(token);
    await rm(desk.dataDir, { recursive: true });
    await expect(desk.identities.end({ id: sister.id })).rejects.toThrow('ENOENT');
    await expect(desk.use(token)).rejects.toThrow('it was ended');
  });

  it('lasts as long as time passes, whatever the clock is set to', async () => {
    const sister = await desk.use(await desk.issue('sister'));
    let isOver = false;
    sister.onOver(() => {
      isOver = true;
    });
    for (const days of [40, -400, 365]) {
      desk.clock.putForward(days * 24 * HOUR);
      desk.clock.advance(HOUR / 4);
      expect([isOver, sister.isCurrent()]).toEqual([false, true]);
    }
    desk.clock.advance(HOUR / 4 + 250);
    expect([isOver, sister.isCurrent()]).toEqual([true, false]);
  });

  it('that was taken for expired at a start with a wrong clock is good again when that is right', async () => {
    const token = await desk.issue('sister');
    await desk.use(token);
    desk.clock.putForward(24 * HOUR);
    await desk.restart();
    expect(desk.identities.list()).toEqual([]);
    await expect(desk.use(token)).rejects.toThrow('expired');
    desk.clock.putForward(-24 * HOUR);
    expect((await desk.use(token)).isCurrent()).toBe(true);
  });

  it('stays ended though the clock was a year ahead meanwhile', async () => {
    const token = await desk.issue('sister');
    await desk.identities.end({ id: (await desk.use(token)).id });
    desk.clock.putForward(365 * 24 * HOUR);
    await desk.use(await desk.issue('brother'));
    await desk.restart();
    // Saved by a station that takes it for long expired.
    await desk.use(await desk.issue('other'));
    await desk.restart();
    desk.clock.putForward(-365 * 24 * HOUR);
    await expect(desk.use(token)).rejects.toThrow('it was ended');
  });
});

describe('a session', () => {
  it('that was begun is known before its first use', async () => {
    await desk.begin('sister');
    expect(desk.identities.list()).toMatchObject([{ name: 'sister', lastCame: BROWSER }]);
  });

  it('is renewed as the same one: what is open by it goes on, and to end it ends every token of it', async () => {
    const first = await desk.begin('wall');
    const wall = await desk.use(first, BROWSER);
    let isOver = false;
    wall.onOver(() => {
      isOver = true;
    });
    desk.clock.advance(HOUR / 2);
    const second = await desk.identities.renew(wall, HOUR);
    desk.clock.advance(HOUR * 0.75);
    expect(isOver).toBe(false);
    expect((await desk.use(second, BROWSER)).id).toBe(wall.id);
    await desk.identities.end({ id: wall.id });
    expect(isOver).toBe(true);
    await expect(desk.use(second, BROWSER)).rejects.toThrow('it was ended');
  });

  it('that was renewed and ended before the new token came is ended for as long as that lasts, also after a crash', async () => {
    const wall = await desk.use(await desk.begin('wall'), BROWSER);
    const renewed = await desk.identities.renew(wall, 10 * HOUR);
    const crashed = desk.identities;
    desk.identities = await desk.open();
    await crashed.stop();
    await desk.identities.end({ id: wall.id });
    for (let saves = 0; saves < 1_100; saves++) {
      const id = (await desk.use(await desk.issue(`another ${saves}`, 1))).id;
      await desk.identities.end({ id });
    }
    desk.clock.advance(2 * HOUR);
    await desk.restart();
    await expect(desk.use(renewed)).rejects.toThrow('it was ended');
  });
});

describe('the list', () => {
  it('holds who is current, the last used first, and how much is open by each', async () => {
    const sister = await desk.use(await desk.issue('sister', 2 * HOUR));
    desk.clock.advance(1_000);
    const wall = await desk.use(await desk.issue('wall', 2 * HOUR, 'viewer'), BROWSER);
    await desk.use(await desk.issue('soon over', 500));
    await desk.identities.end({ id: (await desk.use(await desk.issue('ended'))).id });
    wall.onOver(() => undefined);
    const close = wall.onOver(() => undefined);
    close();
    desk.clock.advance(1_000);
    expect(desk.identities.list()).toEqual([
      {
        id: wall.id,
        name: 'wall',
        role: 'viewer',
        issuedAtMs: desk.clock.now() - 1_000,
        expiresAtMs: desk.clock.now() - 1_000 + 2 * HOUR,
        lastUsedAtMs: desk.clock.now() - 1_000,
        lastCame: BROWSER,
        open: 1,
      },
      expect.objectContaining({ id: sister.id, name: 'sister', lastCame: PROGRAM, open: 0 }),
    ]);
  });

  it('is the same after a stop, and after a crash it is a minute old at most', async () => {
    await desk.use(await desk.issue('sister'));
    desk.clock.advance(60_000);
    await expect.poll(async () => readFile(desk.file, 'utf8').catch(() => '')).toContain('sister');
    const crashed = await desk.open();
    expect(crashed.list()).toMatchObject([{ name: 'sister' }]);
    await crashed.stop();
    await desk.use(await desk.issue('brother'));
    const before = desk.identities.list();
    await desk.restart();
    expect(desk.identities.list()).toEqual(before);
  });
});
