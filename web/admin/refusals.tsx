import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { z } from 'zod';
import { Refusal } from '#contracts/http/refusals.ts';
import type { Desk } from './desk.ts';

/**
 * What the station refused a device or a gateway over MQTT, for a person who wonders why it is not heard. Without refusals nothing
 * is shown.
 */

const MAX_SHOWN = 3;

export const LastRefused = ({ desk, path: of }: { desk: Desk; path: string }) => {
  const { server, text, voice, now } = desk;
  const refusals = useSignal<readonly Refusal[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      const answer = await server.get(z.array(Refusal), `${of}/refusals`, {}, leaving.signal);
      if (answer.isOk) refusals.value = answer.value.slice(0, MAX_SHOWN);
    };
    void read();
    return () => leaving.abort();
  }, [server, of]);

  if (refusals.value.length === 0) return null;
  return (
    <section aria-label={text.lastRefused}>
      <h3>{text.lastRefused}</h3>
      <ul>
        {refusals.value.map(({ reason, address, count, lastAt, firstAt }) => (
          <li key={`${reason} ${address} ${firstAt}`}>
            {text.refusedBecause(
              text.refusalReasons[reason],
              address,
              voice.age(now() - lastAt),
              voice.number(count, 0),
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
