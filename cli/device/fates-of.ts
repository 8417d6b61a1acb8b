import { FateEvent } from '#contracts/http/message-fate.ts';
import { type StationOptions, targetStation } from '../station-client.ts';

type Reading = {
  readonly signal: AbortSignal;
  /** From now on no message is missed, until this ends. */
  readonly onOpen: () => void;
  readonly onEvent: (event: FateEvent) => void;
};

const FORBIDDEN = 403;

/** The data of each server-sent event; comments, which keep the connection alive, are passed over. */
async function* dataOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice('data: '.length);
  }
}

/**
 * Hands over what becomes of each message of a device, and returns when the stream ends. A station that does not answer
 * is no error, for whoever watches tries again.
 */
export const readFates = async (
  options: StationOptions,
  device: string,
  { signal, onOpen, onEvent }: Reading,
): Promise<'forbidden' | 'ended'> => {
  try {
    const { url, token } = await targetStation(options);
    const path = `${url}/api/v1/devices/${encodeURIComponent(device)}/messages`;
    const { ok, status, body } = await fetch(path, { headers: { authorization: `Bearer ${token}` }, signal });
    if (!ok || !body) return status === FORBIDDEN ? 'forbidden' : 'ended';
    onOpen();
    for await (const data of dataOf(body)) {
      // An event of a type that a newer station added is passed over.
      const event = FateEvent.safeParse(JSON.parse(data)).data;
      if (event) onEvent(event);
    }
  } catch {
    // The link was lost, or who watches has seen enough.
  }
  return 'ended';
};
