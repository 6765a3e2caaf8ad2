/** Commands about stays, which act as a person at a hub. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addStayCommands(program: Command): void {
  const stays = program.command('stays').description('entries paired with exits, and how long')
  const load = () => import('./commands/stays.ts')
  stays
    .command('summary')
    .description('how many there are of each kind')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).showSummary(options))
  stays
    .command('list')
    .description('stays, newest first')
    .option('--state <states>', 'open, closed, entry_missing, …; several with commas')
    .option('--plate <text>', 'a whole plate')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listStays(options))
  stays
    .command('overstays')
    .description('stays longer than their rule allows, with the computation step by step')
    .option('--left', 'those that left too late, instead of those still inside')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listOverstays(options))
  stays
    .command('history')
    .description('everything recorded of one plate, or of the traveller with one document')
    .argument('<plate>', 'letters and digits; or ISSUER:NUMBER of a document')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (plate, options) => (await load()).showHistory(plate, options))
  stays
    .command('recompute')
    .description('compute every stay again from what was recorded, and wait until it is done')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).recomputeStays(options))
}
