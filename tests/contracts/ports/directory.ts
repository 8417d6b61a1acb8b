import { describe, expect, test } from 'vitest';
import type { Directory, Publisher } from '#contracts/ports/directory.ts';

/** What every directory of devices must do, wherever it is kept. */
export type DirectorySubject = {
  readonly directory: Directory;
  /** Has this device, and no other, be registered with this secret; resolves when that is in force. */
  readonly register: (device: string, secret: string) => Promise<void>;
  /** Has this gateway be registered too, with these devices listed; resolves when that is in force. */
  readonly registerGateway: (gateway: string, secret: string, devices: readonly string[]) => Promise<void>;
};

const bytes = (secret: string): Uint8Array => Buffer.from(secret);

export const describeDirectory = (name: string, createSubject: () => Promise<DirectorySubject>): void => {
  describe(`a directory: ${name}`, () => {
    test('a device signs in by its own secret and by no other', async () => {
      const { directory, register } = await createSubject();
      await register('m1', 'right');
      expect(await directory.checkSecret('m1', bytes('right'))).toEqual({ kind: 'device' });
      expect(await directory.checkSecret('m1', bytes('wrong'))).toBeUndefined();
      expect(await directory.checkSecret('m1', bytes(''))).toBeUndefined();
      expect(await directory.checkSecret('m2', bytes('right'))).toBeUndefined();
    });

    test('a device is known by its name', async () => {
      const { directory, register } = await createSubject();
      expect(await directory.isKnown('m1')).toBe(false);
      await register('m1', 'right');
      expect(await directory.isKnown('m1')).toBe(true);
      expect(await directory.isKnown('m2')).toBe(false);
    });

    test('a gateway signs in by its own secret, may publish for the devices listed under it, and is known by its name', async () => {
      const { directory, register, registerGateway } = await createSubject();
      await register('m1', 'right');
      await registerGateway('g1', 'its own', ['m1']);
      expect(await directory.checkSecret('g1', bytes('its own'))).toEqual({
        kind: 'gateway',
        devices: new Set(['m1']),
      });
      expect(await directory.checkSecret('g1', bytes('right'))).toBeUndefined();
      expect(await directory.checkSecret('m1', bytes('its own'))).toBeUndefined();
      expect([await directory.isKnown('g1'), await directory.isKnown('m3')]).toEqual([true, false]);
      await registerGateway('g1', 'its own', []);
      expect(await directory.checkSecret('g1', bytes('its own'))).toEqual({ kind: 'gateway', devices: new Set() });
    });

    test('it is known whether there is any device', async () => {
      const { directory, register } = await createSubject();
      expect(await directory.hasDevices()).toBe(false);
      await register('m1', 'right');
      expect(await directory.hasDevices()).toBe(true);
    });

    test('after a change the old secret is no good, and who listens hears it when that is so', async () => {
      const { directory, register } = await createSubject();
      await register('m1', 'old');
      const answers: Promise<Publisher | undefined>[] = [];
      const end = directory.onChanged(() => void answers.push(directory.checkSecret('m1', bytes('old'))));
      await register('m1', 'new');
      expect(await Promise.all(answers)).toEqual([undefined]);
      end();
      await register('m2', 'other');
      expect(answers).toHaveLength(1);
    });
  });
};
