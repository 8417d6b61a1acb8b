import type { IntakeSink } from '#contracts/ports/intake.ts';

/**
 * The sink of the intake from its start to its stop. Outside of that nothing goes through: a message whose turn comes
 * when the station has stopped is not taken in, so it is not acknowledged either.
 */
export type Outlet = IntakeSink & {
  readonly open: (to: IntakeSink) => void;
  readonly shut: () => void;
};

export const createOutlet = (): Outlet => {
  let sink: IntakeSink | undefined;
  return {
    open(to) {
      sink = to;
    },
    shut() {
      sink = undefined;
    },
    take: (message, settle) => sink?.take(message, settle),
    show: (message) => sink?.show(message),
    refuse: (message, settle) => sink?.refuse(message, settle),
    connected: (device) => sink?.connected(device),
    disconnected: (device) => sink?.disconnected(device),
    gatewayConnected: (gateway) => sink?.gatewayConnected(gateway),
    gatewayDisconnected: (gateway) => sink?.gatewayDisconnected(gateway),
  };
};
