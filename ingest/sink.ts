import type { IntakeSink } from '#contracts/ports/intake.ts';
import type { Admit } from './admit.ts';
import type { Append } from './append.ts';
import type { Devices } from './devices.ts';
import type { Gateways } from './gateways.ts';
import type { Hearing } from './hearing.ts';
import type { Onlookers } from './onlookers.ts';
import type { Rejects } from './rejects.ts';

/** What the intake calls. */
export const createSink = ({
  lookAtClock,
  path,
  devices,
  gateways,
  hearing,
  rejects,
  append,
  onlookers,
}: {
  /** Looks whether our clock was put forward or back, which must be known before a message is timed by it. */
  lookAtClock: () => void;
  path: Admit;
  devices: Pick<Devices, 'connected' | 'disconnected'>;
  gateways: Pick<Gateways, 'connected' | 'disconnected' | 'heard' | 'deviceChanged'>;
  hearing: Pick<Hearing, 'heard'>;
  rejects: Rejects;
  append: Append;
  onlookers: Pick<Onlookers, 'refused'>;
}): IntakeSink => ({
  take(message, settle) {
    lookAtClock();
    if (message.via !== undefined) gateways.heard(message.via, message.device, message.channel !== 'status');
    path.admit(message, settle);
  },
  show(message) {
    lookAtClock();
    path.show(message);
  },
  refuse({ reason, detail, ...refused }, settle) {
    // A gateway stands at no bed.
    if (refused.via === undefined) hearing.heard(refused.device, 'refused', refused.receivedAt);
    onlookers.refused(refused, { reason, detail });
    append(rejects.recordsOf({ ...refused, faults: [{ reason, detail }] }), settle);
  },
  connected(device) {
    devices.connected(device);
    gateways.deviceChanged(device);
  },
  disconnected(device) {
    devices.disconnected(device);
    gateways.deviceChanged(device);
  },
  gatewayConnected: gateways.connected,
  gatewayDisconnected: gateways.disconnected,
});
