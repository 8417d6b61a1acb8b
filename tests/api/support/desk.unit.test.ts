import { describeAlarmDesk } from '../../contracts/ports/alarm-desk.ts';
import { anAlarm } from '../../support/live-ward.ts';
import { createDesk } from './desk.ts';

describeAlarmDesk('in memory, for tests', async () => {
  const { desk, addBed } = createDesk();
  addBed('icu', 'bed-2', [], true);
  return {
    desk,
    emptyBed: 'bed-2',
    async raise() {
      addBed('icu', 'bed-1', [anAlarm('alarm-1')]);
      return { bed: 'bed-1', alarm: 'alarm-1' };
    },
  };
});
