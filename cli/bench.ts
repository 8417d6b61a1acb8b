import type { Command } from 'commander';

/** The benchmarks have options of their own and load of their own: they are only started here. */
export const addBench = (program: Command): void => {
  program
    .command('bench')
    .description('measure this machine against the budgets and print one table')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]', 'see wardwatch bench --help')
    .action(async (args: string[]) => {
      const { runBenchCommand } = await import('../bench/run.ts');
      await runBenchCommand(args);
    });
};
