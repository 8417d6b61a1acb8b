import { z } from 'zod';
import type { Checkpoint } from '#contracts/ports/journal.ts';
import { MONITOR_FORMAT, MonitorState } from '#domain/monitor-alarms/state.ts';
import { coerceError } from '#platform/errors.ts';
import type { OnUnreadable } from '../alarms/saved.ts';
import { refuseNewerMonitor } from '../monitor-record.ts';
import { isMonitorKey, MONITOR_KEY } from './key.ts';

/** The state of the monitors' alarms of a bed on disk, so that after a crash it is known what was announced. */

const Saved = z.object({ monitorFormat: z.int().positive(), state: z.unknown() });

export const encodeState = (state: MonitorState): Checkpoint => ({
  key: MONITOR_KEY + state.bed,
  value: Buffer.from(JSON.stringify({ monitorFormat: MONITOR_FORMAT, state })),
});

const decodeState = (value: Uint8Array): MonitorState => {
  const { monitorFormat, state } = Saved.parse(JSON.parse(Buffer.from(value).toString('utf8')));
  refuseNewerMonitor("the state of monitors' alarms", monitorFormat);
  return MonitorState.parse(state);
};

/**
 * The saved states, by bed. What cannot be read is handed to `onUnreadable`, and that bed begins anew. Rejects with a
 * NewerFormatError.
 */
export const readStates = async (
  checkpoints: AsyncIterable<Checkpoint>,
  onUnreadable: OnUnreadable,
): Promise<Map<string, MonitorState>> => {
  const states = new Map<string, MonitorState>();
  for await (const { key, value } of checkpoints) {
    if (!isMonitorKey(key)) continue;
    try {
      const state = decodeState(value);
      states.set(state.bed, state);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
      onUnreadable({ subject: key, bytes: Buffer.from(value) }, coerceError(error));
    }
  }
  return states;
};
