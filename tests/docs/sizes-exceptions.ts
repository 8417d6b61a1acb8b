/**
 * What does not keep to the guards of the code, with the reason why. An exception that is not needed any more fails its
 * test, so that the lists only become shorter.
 */

/** Files over the limit of lines. */
export const LARGE_FILES: Readonly<Record<string, string>> = {
  'domain/alarms/formats/v1.ts': 'frozen: it reads what release 0.1.0 wrote',
  'tests/domain/alarms/support/histories.ts': 'generators of histories, one for each kind of event',
  'tests/e2e/screens.test.ts': 'a list of cases',
  'tests/e2e/wall.test.ts': 'a list of cases',
  'tests/fixtures/formats/make.ts': 'one run makes all golden bytes of a release',
  'tests/ingest/alarms.test.ts': 'a list of cases',
  'tests/ingest/decode.unit.test.ts': 'a list of cases',
  'tests/ingest/device-clock.unit.test.ts': 'a list of cases',
  'tests/ingest/journal/journal.unit.test.ts': 'a list of cases',
  'tests/web/shell/live/apply.test.ts': 'a list of cases',
};

/** Functions over the limit of lines, by file and name. */
export const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  'bench/load/bed-link.ts openBedLink': 'one measurement, told from its beginning to its end',
  'bench/load/publish.ts work': 'one measurement, told from its beginning to its end',
  'bench/rows/ingest.ts measureIngest': 'one measurement, told from its beginning to its end',
  'bench/rows/screens.ts measureScreens': 'one measurement, told from its beginning to its end',
  'bench/rows/screens.ts onStage(…)': 'one measurement, told from its beginning to its end',
  'bench/rows/waves.ts measureWaves': 'one measurement, told from its beginning to its end',
  'bench/rows/waves.ts onStage(…)': 'one measurement, told from its beginning to its end',
  'bench/support/stage.ts onStage': 'one measurement, told from its beginning to its end',
};

/** Files that set timers by themselves. */
export const TIMERS: Readonly<Record<string, string>> = {};

/** Files that import each other in a circle. */
export const CIRCLES: readonly { readonly files: readonly string[]; readonly reason: string }[] = [];
