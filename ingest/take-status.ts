import type { DeviceMessage } from '#contracts/ports/intake.ts';
import { decodeStatus } from './decode.ts';
import type { Devices } from './devices.ts';
import type { Intervals } from './intervals.ts';
import type { Refuse } from './refusing.ts';
import type { Taken } from './take-measurements.ts';

export type TakeStatusDependencies = {
  readonly devices: Pick<Devices, 'reported'>;
  readonly intervals: Pick<Intervals, 'reported'>;
  readonly refuse: Refuse;
};

/** Takes in what a device reports of itself. */
export const takeStatus = ({ devices, intervals, refuse }: TakeStatusDependencies, message: DeviceMessage): Taken => {
  const { status, faults } = decodeStatus(message.payload);
  const refused = refuse(message, faults);
  if (!status) return { records: refused, faults };
  const { device, receivedAt, via, isRepeat } = message;
  // What a gateway sends on that it had kept tells no time: it was written when the device said it.
  const told = via !== undefined && isRepeat ? { ...status, time: undefined } : status;
  devices.reported(device, told, receivedAt, via);
  if (status.interval !== undefined) intervals.reported(device, status.interval * 1_000);
  const { model = null, firmware = null } = status;
  if (model === null && firmware === null) return { records: refused, faults, status };
  return { records: [{ kind: 'device', receivedAt, device, model, firmware }, ...refused], faults, status };
};
