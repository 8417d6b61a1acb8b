import { describe, expect, test } from 'vitest';
import type { Directory } from '#contracts/ports/directory.ts';

/** What every directory of devices must do, wherever it is kept. */
export type DirectorySubject = {
  readonly directory: Directory;
  /** Has this device, and no other, be registered with this secret; resolves when that is in force. */
  readonly register: (device: string, secret: string) => Promise<void>;
};

const bytes = (secret: string): Uint8Array => Buffer.from(secret);

export const describeDirectory = (name: string, createSubject: () => Promise<DirectorySubject>): void => {
  describe(`a directory: ${name}`, () => {
    test('a device signs in by its own secret and by no other', async () => {
      const { directory, register } = await createSubject();
      await register('m1', 'right');
      expect(await directory.checkSecret('m1', bytes('right'))).toBe(true);
      expect(await directory.checkSecret('m1', bytes('wrong'))).toBe(false);
      expect(await directory.checkSecret('m1', bytes(''))).toBe(false);
      expect(await directory.checkSecret('m2', bytes('right'))).toBe(false);
    });

    test('a device is known by its name', async () => {
      const { directory, register } = await createSubject();
      expect(await directory.isDevice('m1')).toBe(false);
      await register('m1', 'right');
      expect(await directory.isDevice('m1')).toBe(true);
      expect(await directory.isDevice('m2')).toBe(false);
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
      const answers: Promise<boolean>[] = [];
      const end = directory.onChanged(() => void answers.push(directory.checkSecret('m1', bytes('old'))));
      await register('m1', 'new');
      expect(await Promise.all(answers)).toEqual([false]);
      end();
      await register('m2', 'other');
      expect(answers).toHaveLength(1);
    });
  });
};
