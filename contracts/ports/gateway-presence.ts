/** Whether a gateway is connected, as the station knows it; none of the answers needs the database, and none rejects. */
export type GatewayPresences = {
  /** Called when a person asks about a gateway; also of one that was never heard of. */
  readonly presenceOf: (gateway: string) => Promise<GatewayPresence>;
};

/** Times are epoch milliseconds; null: not since the station started. */
export type GatewayPresence = {
  /** It is connected, and what it sends comes. */
  readonly isConnected: boolean;
  /** When it connected, or was lost. */
  readonly since: number | null;
  /** When the last message came through it. */
  readonly heardAt: number | null;
};
