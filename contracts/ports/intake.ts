import type { RejectReason } from '../mqtt/messages.ts';
import type { Channel } from '../mqtt/topics.ts';

/**
 * The door through which the messages of devices come in, whatever stands behind it: the station's own MQTT broker, or
 * the queues of a cluster. The intake knows who a device is and says so; what a message means is for the sink to know.
 *
 *   device ─PUBLISH─▶ intake ─▶ sink.take(message, settle) ─▶ … stored … ─▶ settle() ─▶ PUBACK
 *
 * A message that was taken is acknowledged by a callback and not by a promise: this is the path of every message of every
 * bed, and a promise a message would cost as much as the rest of it. The callback is asynchronous all the same, since
 * nothing here says when it comes.
 */
export type Intake = {
  /**
   * Called once, when all that the sink needs is started. Resolves when devices can connect; from then on, and perhaps a
   * little earlier, the verbs of `sink` are called. Rejects with a UserError when the door cannot be opened.
   */
  readonly start: (sink: IntakeSink) => Promise<unknown>;
  /**
   * Called before the sink is stopped. Once it has resolved no verb of the sink is called any more. What was not settled
   * was not acknowledged, and its device sends it again.
   */
  readonly stop: () => Promise<void>;
};

/** What an intake calls. None of the verbs throws. */
export type IntakeSink = {
  /**
   * Called for each message of a device, in the order in which that device sent them. `settle` is called once, when the
   * message is stored, and perhaps before `take` returns; it is not called if the message never is. Until then the message
   * must not be acknowledged, and its payload must not change.
   */
  readonly take: (message: DeviceMessage, settle: Settle) => void;
  /**
   * Called instead of `take` when there is no room to keep the message until it is stored. It is seen on the screens and
   * its alarms are raised; it is not stored and must not be acknowledged, so that its device sends it again.
   */
  readonly show: (message: DeviceMessage) => void;
  /** Called for a message that was published where its device may not publish. `settle`: it is kept among the rejected. */
  readonly refuse: (message: MisplacedMessage, settle: Settle) => void;
  /** Called when a device has connected. A device may be connected several times at once: calls are counted. */
  readonly connected: (device: string) => void;
  /** Called once for each `connected`, when that connection has ended. */
  readonly disconnected: (device: string) => void;
};

/** The message is stored: it may be acknowledged, and need not be kept any longer. */
export type Settle = () => void;

export type DeviceMessage = {
  /** Who is authenticated on the connection, which is also who may publish to the topic. */
  readonly device: string;
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
};

export type MisplacedMessage = Omit<DeviceMessage, 'channel' | 'isRepeat'> & {
  readonly reason: RejectReason;
  readonly detail: string;
};
