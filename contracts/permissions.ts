import type { Role } from './roles.ts';

/**
 * What somebody may do, and in which roles: the one table that says so. What each address and each topic needs stands beside it, in
 * `api/http/route-permissions.ts` and `broker/auth.ts`; `docs/permissions.md` shows all of it.
 */
export const PERMISSIONS = {
  /** See the ward: who lies where, what is measured and was, alarms and their settings. */
  watch: ['viewer', 'operator'],
  /** Take whole records of measurements away as a file. */
  export: ['viewer', 'operator'],
  /** Acknowledge and reset alarms, pause them, record the oxygen that they depend on. */
  'answer-alarms': ['operator'],
  /** Change the settings that alarms are decided by, and try what others would have done. */
  'set-alarms': ['operator'],
  /** Write notes at a bed. */
  annotate: ['operator'],
  /** Register, admit, transfer and discharge patients, and put devices at beds. */
  admit: ['operator'],
  /** Add and change units and beds. */
  organise: ['operator'],
  /** Add, change and remove devices and gateways, and give them secrets. */
  equip: ['operator'],
  /** See how devices and gateways are connected, what was refused them and what is missing. */
  'inspect-devices': ['viewer', 'operator'],
  /** Follow what becomes of each message of a device, with its values. */
  'inspect-messages': ['operator'],
  /** See who is signed in, and end it. */
  'end-sign-ins': ['operator'],
  /** Read who did what. */
  audit: ['operator'],
  /** Hear live changes and alarms over MQTT. */
  listen: ['integration'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export const may = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly Role[]).includes(role);
