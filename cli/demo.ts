import type { Command } from 'commander';
export const addDemo = (program: Command): void => {
  program.command('demo');
};
