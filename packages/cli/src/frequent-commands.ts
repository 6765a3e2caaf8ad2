/** Commands about rules for galleries of those who cross often. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addFrequentCommands(gallery: Command): void {
  const frequent = gallery
    .command('frequent')
    .description('those who cross often at an hour: rules that two people of different units make')
  const load = () => import('./commands/frequent.ts')
  frequent
    .command('list')
    .description('rules, who made them, and what is open by them now')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listRules(options))
  frequent
    .command('propose')
    .description('propose a rule; somebody of another unit agrees')
    .requiredOption('--hours <from-to>', 'hours by the clocks of the port, 6-9 or 22-2')
    .requiredOption('--reason <text>', 'why, for whoever agrees')
    .requiredOption('--expires <instant>', 'when the rule ends, 2027-02-01T00:00:00Z')
    .option('--weekdays <days>', 'on which they begin, 1 is Monday', '1,2,3,4,5,6,7')
    .option('--days-back <days>', 'how far back crossings count', '30')
    .option('--crossings <count>', 'confirmed crossings in those hours, at least', '8')
    .option('--people <count>', 'at most, the most frequent first', '200')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).proposeRule(options))
  frequent
    .command('agree')
    .description('agree to a rule of another unit: it holds from then on')
    .argument('<rule>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (rule, options) => (await load()).agreeToRule(rule, options))
  frequent
    .command('end')
    .description('end a rule: its gallery is over at once')
    .argument('<rule>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (rule, options) => (await load()).endRule(rule, options))
}
