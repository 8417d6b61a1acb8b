import type { VitalId } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';
import { createDeviceClient, type Deliver, type DeviceClient, type Outgoing } from '../../simulators/device-client.ts';
import { provision } from '../../simulators/provision.ts';
import type { TestStation } from './station.ts';

/** Beds that publish known values as fast as they are told, and remember what the station acknowledged. */

export type AckedReading = {
  readonly device: string;
  readonly vital: string;
  readonly time: number;
  readonly value: number;
};

export type TestBeds = {
  readonly clients: readonly DeviceClient[];
  /** One message from each bed; its time is new and its values are its own. */
  readonly publishAll: (time: number) => void;
  readonly drained: () => Promise<void>;
  readonly acknowledged: () => readonly AckedReading[];
  readonly stop: () => Promise<void>;
};

const VITALS = ['heart-rate', 'spo2', 'respiratory-rate', 'temperature'] as const satisfies readonly VitalId[];

const values = (bed: number, time: number): Record<(typeof VITALS)[number], number> => ({
  'heart-rate': 60 + (time % 40),
  spo2: 90 + (bed % 10),
  'respiratory-rate': 10 + (time % 7),
  temperature: 36 + (bed % 20) / 10,
});

export const createTestBeds = async ({
  station,
  count,
  prefix = 'bed',
  mqttUrl = station.addresses().mqtt,
  through,
}: {
  station: TestStation;
  count: number;
  prefix?: string;
  /** Unset: the station's own. */
  mqttUrl?: string;
  /** Faults between each device and its link. */
  through?: (bed: number) => (deliver: Deliver) => Deliver;
}): Promise<TestBeds> => {
  const { http } = station.addresses();
  const unit = { id: 'icu', name: 'Intensive care' };
  const places = Array.from({ length: count }, (_, index) => ({
    unit,
    bed: { id: `${prefix}-${index + 1}`, label: `${index + 1}` },
    device: { id: `${prefix}-monitor-${index + 1}`, model: 'test' },
  }));
  const since = Date.now() - 3_600_000;
  const secrets = await provision({ stationUrl: http, token: await station.token('operator'), places, since });
  const acknowledged: AckedReading[] = [];
  const onAcknowledged = (device: string) => (outgoing: Outgoing) => {
    if (outgoing.channel !== 'vitals') return;
    const { time, vitals } = outgoing.message;
    for (const [vital, value] of Object.entries(vitals)) {
      if (typeof value === 'number') acknowledged.push({ device, vital, time, value });
    }
  };
  const clients = places.map(({ device: { id } }, index) =>
    createDeviceClient({
      mqttUrl,
      unit: unit.id,
      device: id,
      secret: secrets.get(id) ?? '',
      maxBacklog: 1_000_000,
      onAcknowledged: onAcknowledged(id),
      ...(through ? { through: through(index) } : {}),
    }),
  );
  for (const client of clients) client.start();
  return {
    clients,
    publishAll(time) {
      for (const [index, client] of clients.entries()) client.publishVitals({ time, vitals: values(index, time) });
    },
    async drained() {
      await Promise.all(clients.map((client) => client.drained()));
    },
    acknowledged: () => acknowledged,
    async stop() {
      await Promise.all(clients.map((client) => client.stop()));
    },
  };
};

/** What the database holds of these devices, as `device vital time value`, sorted. */
export const storedReadings = async (database: Database, prefix: string): Promise<string[]> => {
  const { rows } = await database.query<{ line: string }>(
    `select concat_ws(' ', device, vital, (extract(epoch from time) * 1000)::bigint, value) as line
     from readings where device like $1 order by 1`,
    [`${prefix}-monitor-%`],
  );
  return rows.map(({ line }) => line).sort();
};

export const asLines = (readings: readonly AckedReading[]): string[] =>
  [...new Set(readings.map(({ device, vital, time, value }) => `${device} ${vital} ${time} ${value}`))].sort();
