/** Commands about retention and legal holds, which act as a person at a hub. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

export function addRetentionCommands(program: Command): void {
  const retention = program
    .command('retention')
    .description('how long things are kept, and what is shredded')
  const load = () => import('./commands/retention.ts')
  retention
    .command('status')
    .description('the policy in force, what is kept by class, what waits')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).showStatus(options))
  retention
    .command('plan')
    .description('the dry run: what would be shredded now, and what becomes due by day')
    .option('--policy <pack or file>', 'another policy than the one in force')
    .option('--days <n>', 'how far to look', wholeNumber, 30)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).showPlan(options))
  retention
    .command('run')
    .description('shred what is due now, instead of within a quarter of an hour')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).runNow(options))
  program
    .command('compact')
    .description('take what was shredded off the disk at once, of a hub that is stopped')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--database-url <url>', "an operator's own PostgreSQL instead of the embedded one")
    .option('--settings <file>', 'settings file (default sallyport.toml where it exists)')
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/compact.ts')).compact(options))
  retention
    .command('policy')
    .description('the policies that were chosen; with a pack or a file, choose one')
    .argument('[pack or file]', 'us-2018-tvs, eu-ees, campus-strict, or a JSON file')
    .option('--accepts <n>', 'how many bodies the plan says are shredded at once', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (chosen, options) => (await load()).policies(chosen, options))
  retention
    .command('shredded')
    .description('what was shredded: when it was asked for and when it was effective')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listShredded(options))
  addHoldCommands(program)
}

function addHoldCommands(program: Command): void {
  const hold = program.command('hold').description('legal holds: two people keep something')
  const load = () => import('./commands/hold.ts')
  hold
    .command('request')
    .description('ask for a hold; it holds once another person has approved')
    .option('--crossing <id>', 'one crossing')
    .option('--plate <text>', 'every crossing of a plate')
    .option('--lane <id>', 'a lane, with --from and --to')
    .option('--from <day>', 'first day, as 2026-11-22')
    .option('--to <day>', 'last day; without it the first alone')
    .option('--port', 'everything')
    .requiredOption('--reason <text>', 'case and authority')
    .requiredOption('--expires <time>', '2026-12-31, or 2026-12-31T12:00:00Z')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).requestHold(options))
  hold
    .command('approve')
    .description('approve what another person asked for')
    .argument('<hold>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await load()).approveHold(id, options))
  hold
    .command('lift')
    .description('end a hold, or withdraw one that nobody has approved')
    .argument('<hold>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await load()).liftHold(id, options))
  hold
    .command('list')
    .description('all holds, with who asked, approved and lifted')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listHolds(options))
}
