import type { WebSocket } from 'ws';

// Private to ws (lib/receiver.js); tests/broker would notice a change.
type WithReceiver = WebSocket & { readonly _receiver: { _maxPayload: number } };

/**
 * Bounds what one message of this WebSocket may hold, which ws gathers before anybody sees it. The server's own bound is
 * for all, also for who has not signed in yet. Returns how to change it.
 */
export const boundMessages = (socket: WebSocket): ((maxBytes: number) => void) => {
  const { _receiver: receiver } = socket as WithReceiver;
  return (maxBytes) => {
    receiver._maxPayload = maxBytes;
  };
};
