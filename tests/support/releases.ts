import { afterEach } from 'vitest';

export type Releases = { readonly push: (release: () => unknown) => void };

/** What a test opens is released after it, last in first out, also when it fails. Call at the top of the file. */
export const releaseAfterEach = (): Releases => {
  const releases: (() => unknown)[] = [];
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });
  return releases;
};
