import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number, globalSetup: string[] = []) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, globalSetup },
});

export default defineConfig({
  test: {
    // Most tests wait more than they work; the default leaves a machine of two cores with one at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project(
        'unit',
        ['tests/{access,bench,contracts,domain,platform,simulators,web,docs}/**/*.test.ts', 'tests/**/*.unit.test.ts'],
        60_000,
      ),
      {
        test: {
          ...project('services', ['tests/{broker,ingest,api,migrations,cli,review,nodes}/**/*.test.ts'], 120_000, [
            'tests/support/database-server.ts',
          ]).test,
          exclude: ['tests/**/*.unit.test.ts'],
        },
      },
      project('e2e', ['tests/e2e/**/*.test.ts'], 600_000, ['tests/support/database-server.ts']),
    ],
  },
});
