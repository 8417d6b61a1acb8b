import type { Command } from 'commander';
import { addBurden } from './alarms/burden.ts';
import { addVerify } from './alarms/verify.ts';
import { addWhatIf } from './alarms/what-if.ts';

export const addAlarms = (program: Command): void => {
  const alarms = program
    .command('alarms')
    .description('look back at alarms: verify them, try other settings on them, count their burden')
    .addHelpText('after', '\nExample: wardwatch alarms verify --all');
  addVerify(alarms);
  addWhatIf(alarms);
  addBurden(alarms);
};
