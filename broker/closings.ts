import type { RefusalReason } from '#contracts/http/refusals.ts';
import { errorCode } from '#platform/errors.ts';

/** What Aedes says when it closes a connection (lib/client.js, lib/handlers); all else it says is that a packet was bad. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  'keep alive timeout': 'silent',
  'connect did not arrive in time': 'no-connect',
  'drain timeout': 'not-reading',
};

/** Errors of a link that broke, or of a peer that went: these were not our decision. */
const OF_THE_LINK: ReadonlySet<string> = new Set(['connection closed', 'Premature close', 'aborted']);

/** Why we closed a connection; undefined when it was not us. */
export const explainClosing = (error: Error): RefusalReason | undefined => {
  const reason = REASONS[error.message];
  if (reason) return reason;
  // Errors of the system and of streams have a code; those of Aedes have none.
  if (errorCode(error) !== undefined || OF_THE_LINK.has(error.message)) return undefined;
  return error.message.startsWith('maxInflightInbound') ? 'too-much-unacknowledged' : 'bad-packet';
};
