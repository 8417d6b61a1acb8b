export const ROLES = ['viewer', 'operator', 'integration'] as const;

/** `viewer` reads, `operator` also writes, `integration` listens over MQTT and does nothing else. */
export type Role = (typeof ROLES)[number];
