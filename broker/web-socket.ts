import type { WebSocket } from 'ws';

// Private to ws (lib/receiver.js); tests/broker would notice a change.
type WithReceiver = WebSocket & { readonly _receiver: { _maxPayload: number } };

/**
 * Bounds what one message of this WebSocket may hold, which ws gathers before anybody sees it. The server's own bound
 * also holds for those who have not signed in yet, so it cannot be as low. Returns how to change the bound.
 */
export const boundMessages = (socket: WebSocket): ((maxBytes: number) => void) => {
  const { _receiver: receiver } = socket as WithReceiver;
  return (maxBytes) => {
    receiver._maxPayload = maxBytes;
  };
};
