import type { Command } from 'commander';
export const addReplay = (program: Command): void => {
  program.command('replay');
};
