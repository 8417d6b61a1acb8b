import { ownAlarm, publishPacket } from './packets.ts';

/** When it began, in epoch milliseconds; `bed` is its place in the job. */
export type OwnAlarm = { readonly bed: number; readonly time: number };

/**
 * Alarms that the monitors of some beds find by themselves: each begins with one message of the bed and ends with the
 * next. The time at which it began is its id, so that a listener knows from the frame which one it is.
 */
export const createOwnAlarms = ({
  alarmTopics = [],
  boot,
}: {
  alarmTopics?: readonly string[] | undefined;
  boot: string;
}) => {
  const sent: OwnAlarm[] = [];
  const open = new Map<number, number>();
  const seqs = new Map<number, number>();

  return {
    sent,
    /** The packet that goes with the bed's message of that time; undefined: none. */
    next(bed: number, time: number, begins: boolean): ((packetId: number) => Buffer) | undefined {
      const topic = alarmTopics[bed];
      const ended = open.get(bed);
      if (topic === undefined || (ended === undefined && !begins)) return undefined;
      const seq = seqs.get(bed) ?? 0;
      seqs.set(bed, seq + 1);
      open.delete(bed);
      if (begins) {
        open.set(bed, time);
        sent.push({ bed, time });
      }
      const alarms = [
        ...(ended === undefined ? [] : [ownAlarm(ended, 'end')]),
        ...(begins ? [ownAlarm(time, 'start')] : []),
      ];
      return (packetId) => publishPacket(topic, packetId, { time, boot, seq, alarms });
    },
  };
};
