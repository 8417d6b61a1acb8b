import { connectAsync } from 'mqtt';
import { liveTopics } from '#contracts/mqtt/topics.ts';
import { serveWorker } from '../support/worker.ts';
import { createOnsets, type Onsets, type OnsetsCommand } from './onsets.ts';

/** An integration: one MQTT session that subscribes to the alarms of all units at QoS 1. */

export type HearAlarmsJob = {
  readonly port: number;
  /** The token of an integration. */
  readonly token: string;
  readonly kind: string;
};

const work = async (job: HearAlarmsJob, tell: { ready: () => void; tick: (tick: never) => void }) => {
  const onsets = createOnsets(job.kind);
  const client = await connectAsync(`mqtt://127.0.0.1:${job.port}`, {
    username: 'token',
    password: job.token,
    clientId: 'token:bench',
    reconnectPeriod: 0,
  });
  client.on('message', (_topic, payload) => onsets.take(0, payload));
  await client.subscribeAsync(liveTopics.alarms('+'), { qos: 1 });
  tell.ready();
  return {
    onCommand: (command: OnsetsCommand) => onsets.measure(command),
    async finish(): Promise<Onsets> {
      await client.endAsync();
      return onsets.result();
    },
  };
};

serveWorker(work);
