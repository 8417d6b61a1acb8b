import type { RejectReason } from '#contracts/mqtt/messages.ts';

/** Why a payload, a message, or one field or entry of it was refused; `detail` never quotes more than a name and a number. */
export type Fault = { readonly reason: RejectReason; readonly detail: string };

/** A payload may hold a fault in every byte: past this many of one payload they are neither described nor counted. */
const MAX_FAULTS = 256;

export const addFault = (faults: Fault[], reason: RejectReason, detail: string): void => {
  if (faults.length > MAX_FAULTS) return;
  if (faults.length < MAX_FAULTS) faults.push({ reason, detail });
  else faults.push({ reason: 'payload-invalid', detail: `more than ${MAX_FAULTS} faults, the others are not told` });
};

export const isFault = (result: object): result is Fault => 'reason' in result;

/** A name that a sender chose, short and well-formed enough to be kept and read. */
export const label = (name: string): string =>
  (name.length > 64 ? `${name.slice(0, 64)}…` : name).replace(/\p{Cs}/gu, '\uFFFD');
