import { type Identity, isPublisher, ownerOf, userOf } from './identity.ts';

/**
 * Whose place a connection takes. Aedes ends the older of two connections with one client id, and gives a session to
 * whoever brings its client id. So a client id that a peer chose is never used as it is: Aedes is given the owner and
 * the place within it, and nobody can end a connection, or read a session, of another owner.
 *
 * A device may bring any client id and has one place: two machines that were given the same settings are found out
 * also when each makes up its own client id, and their patients' values are not mixed. A device that wants more
 * connections says so by client ids that begin with its own id and a colon. So it is with a gateway. An integration only listens, so each of its
 * client ids is a place.
 */

/** MQTT 3.1.1 asks for 23 (3.1.3.1); unmodified clients send up to a hundred. */
const MAX_LENGTH = 256;

/** Why a client id cannot be served, or undefined. */
export const faultOfClientId = (clientId: string, isClean: boolean): string | undefined => {
  if (clientId.length > MAX_LENGTH) return `a client id of ${clientId.length} characters, at most ${MAX_LENGTH}`;
  // MQTT 3.1.3-8: nobody could come back to such a session.
  if (clientId === '' && !isClean) return 'an empty client id needs a clean session';
  return undefined;
};

/** `unique` stands for a client id that was left to us. */
export const placeOf = (identity: Identity, clientId: string, unique: string): string => {
  const chosen = clientId || unique;
  const isMain = isPublisher(identity) && !chosen.startsWith(`${userOf(identity)}:`);
  // JSON keeps the two apart, whatever is in a name.
  return JSON.stringify([ownerOf(identity), isMain ? '' : chosen]);
};
