import type { Command } from 'commander';
export const addSimulate = (program: Command): void => {
  program.command('simulate');
};
