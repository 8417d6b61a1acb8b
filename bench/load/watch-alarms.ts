import { serveWorker } from '../support/worker.ts';
import { createOnsets, type Onsets, type OnsetsCommand } from './onsets.ts';
import { openScreens, type ScreensJob } from './screens.ts';

/** Screens and the alarms they get, among all that a screen is sent. */

export type WatchAlarmsJob = ScreensJob & { readonly kind: string };

const work = async (job: WatchAlarmsJob, tell: { ready: () => void; tick: (tick: never) => void }) => {
  const onsets = createOnsets(job.kind);
  const screens = await openScreens(job, (screen, name, data) => onsets.take(screen, data, name));
  tell.ready();
  return {
    onCommand: (command: OnsetsCommand) => onsets.measure(command),
    finish(): Onsets {
      screens.end();
      return onsets.result();
    },
  };
};

serveWorker(work);
