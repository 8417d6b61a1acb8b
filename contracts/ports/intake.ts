import type { RejectReason } from '../mqtt/messages.ts';
import type { Channel } from '../mqtt/topics.ts';

/**
 * The door through which the messages of devices come in: the station's own MQTT broker, or the queues of a cluster.
 * The intake knows which device sent a message, and reports it; only the sink knows what the message means.
 *
 *   device ─PUBLISH─▶ intake ─▶ sink.take(message, settle) ─▶ … stored … ─▶ settle() ─▶ PUBACK
 *
 * A callback acknowledges a message, and not a promise: every message of every bed takes this path, and a promise for
 * each would cost as much as the rest of it. The callback is asynchronous all the same, since it may come at any time.
 */
export type Intake = {
  /**
   * Called once, when everything that the sink needs has started. Resolves when devices can connect; from then on, and
   * perhaps a little earlier, the functions of `sink` are called. Rejects with a UserError when devices could not
   * connect.
   */
  readonly start: (sink: IntakeSink) => Promise<unknown>;
  /**
   * Called before the sink is stopped. Once it has resolved, no function of the sink is called any more. What was not
   * settled was not acknowledged, and its device sends it again.
   */
  readonly stop: () => Promise<void>;
};

/** What an intake calls. None of the functions throws. */
export type IntakeSink = {
  /**
   * Called for each message of a device, in the order in which that device sent them. `settle` is called once, when the
   * message is stored, and perhaps before `take` returns; it is never called for a message that is not stored. Until
   * then the message must not be acknowledged, and its payload must not change.
   */
  readonly take: (message: DeviceMessage, settle: Settle) => void;
  /**
   * Called instead of `take` when there is no room to keep the message until it is stored. The screens show the message
   * and its alarms are raised, but it is not stored and must not be acknowledged, so that its device sends it again.
   */
  readonly show: (message: DeviceMessage) => void;
  /**
   * Called for a message on a topic where its device may not publish. `settle` is called when it is kept among the
   * rejected.
   */
  readonly refuse: (message: MisplacedMessage, settle: Settle) => void;
  /** Called when a device has connected. A device may be connected several times at once: calls are counted. */
  readonly connected: (device: string) => void;
  /** Called once for each `connected`, when that connection has ended. */
  readonly disconnected: (device: string) => void;
  /** The same of a gateway, through which messages of several devices come. */
  readonly gatewayConnected: (gateway: string) => void;
  readonly gatewayDisconnected: (gateway: string) => void;
};

/** The message is stored: it may be acknowledged, and need not be kept any longer. */
export type Settle = () => void;

export type DeviceMessage = {
  /** The device that the message is of: it is authenticated on the connection, or listed under the gateway that is. */
  readonly device: string;
  /** The gateway through which it came; left out when the device is connected by itself. */
  readonly via?: string | undefined;
  readonly channel: Channel;
  readonly topic: string;
  readonly payload: Buffer;
  /** Epoch milliseconds of the intake's clock. */
  readonly receivedAt: number;
  /**
   * The message may have been sent long before it arrived: it is marked as retained (a bridge sends on what its broker
   * kept) or as sent again.
   */
  readonly isRepeat: boolean;
  /** The MQTT quality of service that it was sent with, where the intake knows it. */
  readonly qos?: number;
};

/** `device`: who is authenticated on the connection; with `via` that is the gateway itself. */
export type MisplacedMessage = Omit<DeviceMessage, 'channel' | 'isRepeat'> & {
  readonly reason: RejectReason;
  readonly detail: string;
};
