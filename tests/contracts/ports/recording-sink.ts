import type { DeviceMessage, IntakeSink, MisplacedMessage, Settle } from '#contracts/ports/intake.ts';

export type Taken = { readonly message: DeviceMessage; readonly settle: Settle };
export type Refused = { readonly message: MisplacedMessage; readonly settle: Settle };

/** A sink that keeps what it is told. Nothing is settled before the test does it, or asks for it to be done at once. */
export const createRecordingSink = () => {
  const taken: Taken[] = [];
  const shown: DeviceMessage[] = [];
  const refused: Refused[] = [];
  /** `+m1` for a connection of m1 that came, `-m1` for one that went. */
  const links: string[] = [];
  let settlesAtOnce = false;

  const sink: IntakeSink = {
    take(message, settle) {
      taken.push({ message, settle });
      if (settlesAtOnce) settle();
    },
    show: (message) => void shown.push(message),
    refuse: (message, settle) => void refused.push({ message, settle }),
    connected: (device) => void links.push(`+${device}`),
    disconnected: (device) => void links.push(`-${device}`),
    gatewayConnected: (gateway) => void links.push(`+${gateway}`),
    gatewayDisconnected: (gateway) => void links.push(`-${gateway}`),
  };

  return {
    sink,
    taken,
    shown,
    refused,
    links,
    settleAtOnce(): void {
      settlesAtOnce = true;
    },
    /** How often it was called, by any verb. */
    calls: () => taken.length + shown.length + refused.length + links.length,
    textsTaken: () => taken.map(({ message }) => message.payload.toString()),
  };
};

export type RecordingSink = ReturnType<typeof createRecordingSink>;
