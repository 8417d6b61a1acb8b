import { Gauge, type Registry as MetricsRegistry } from 'prom-client';
import type { Lobby } from '#platform/lobby.ts';
import type { Hold } from './hold.ts';
import type { Presence } from './presence.ts';
import type { Throttle } from './throttle.ts';

/** What the broker holds at the moment, read when somebody asks. */
export const registerGauges = ({
  metrics,
  presence,
  lobby,
  hold,
  throttle,
}: {
  metrics: MetricsRegistry;
  presence: Pick<Presence, 'count'>;
  lobby: Pick<Lobby, 'strangers'>;
  hold: Pick<Hold, 'held'>;
  throttle: Pick<Throttle, 'waiting'>;
}): void => {
  const register = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(read());
      },
    });
  };
  register('wardwatch_mqtt_connections', 'Connected MQTT clients.', presence.count);
  register(
    'wardwatch_strangers',
    'Connections, over all listeners, that have not said yet who they are.',
    lobby.strangers,
  );
  register('wardwatch_mqtt_held', 'Messages received and not acknowledged yet.', hold.held);
  register(
    'wardwatch_mqtt_throttled',
    'Connections that wait to be read, because more is sent than can be stored.',
    throttle.waiting,
  );
};
