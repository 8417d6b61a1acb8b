import { z } from 'zod';

/** Where devices connect, beside the host that a browser reached. Ports that a container or a router maps are others. */
export const MqttDoors = z
  .object({
    port: z.int(),
    tlsPort: z.int().nullable().describe('null: there is no certificate'),
    webSocketPath: z.string().describe('MQTT over WebSocket, on the port of this API'),
  })
  .meta({ id: 'MqttDoors' });
export type MqttDoors = z.infer<typeof MqttDoors>;
