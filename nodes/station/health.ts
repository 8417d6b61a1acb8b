import { standardSink } from '#platform/line-sink.ts';
import { createSelfWatch } from '#platform/self-watch.ts';
import type { StationClaim } from '#platform/station-claim.ts';
import type { StationHealth } from '../../api/app.ts';
import type { Broker } from '../../broker/broker.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { BringUp } from '../../migrations/bring-up.ts';
import type { Opening } from './opening.ts';

/** What does not work, for a person. Beds and screens are served all the same. */
export type Health = (broker: Pick<Broker, 'troubles'>, isStopping: boolean) => StationHealth;

const logTrouble = (): string | undefined => {
  const trouble = standardSink(2).trouble();
  return trouble === undefined ? undefined : `the log cannot be written (${trouble}), its lines are dropped`;
};

export const watchHealth = (
  { clock, releases }: Opening,
  { bringUp, claim, ingest }: { bringUp: BringUp; claim: StationClaim; ingest: Ingest },
): Health => {
  const selfWatch = createSelfWatch({ now: clock.now });
  releases.add('self-watch', selfWatch.stop);
  selfWatch.start();

  return (broker, isStopping) => {
    const reasons = [
      bringUp.trouble(),
      claim.trouble(),
      ...ingest.troubles(),
      ...selfWatch.troubles(),
      logTrouble(),
      ...broker.troubles(),
    ].filter((reason) => reason !== undefined);
    if (isStopping) return { status: 'unavailable', reasons: ['the station is stopping', ...reasons] };
    if (selfWatch.isStuck()) return { status: 'unavailable', reasons };
    return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
  };
};
