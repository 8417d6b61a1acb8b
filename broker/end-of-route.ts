import type { Aedes } from 'aedes';
import { internalsOf } from './aedes-internals.ts';

/**
 * What a client publishes ends with us: ingest has taken it in `authorizePublish`, nobody may subscribe to it, and on
 * its way through the emitter it would wait for every slow subscriber of something else.
 */
export const endClientPublications = (aedes: Aedes): void => {
  const internals = internalsOf(aedes);
  const publish = internals.publish.bind(aedes);
  internals.publish = (packet, clientOrDone, done) => {
    if (clientOrDone === null || typeof clientOrDone === 'function') publish(packet, clientOrDone, done);
    else done?.(null);
  };
};
