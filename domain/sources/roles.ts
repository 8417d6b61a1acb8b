import { z } from 'zod';

/** What a device is for at a bed. A bed may have several of one role. */
export const DEVICE_ROLES = ['monitor', 'ventilator', 'oximeter', 'cuff', 'pump', 'other'] as const;

export const DeviceRole = z.enum(DEVICE_ROLES);
export type DeviceRole = z.infer<typeof DeviceRole>;

/** The role of a device of which nobody has said any. */
export const DEFAULT_ROLE: DeviceRole = 'monitor';
