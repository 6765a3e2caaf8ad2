/** Commands about grants and parties, which act as a person at a hub. */

import type { Command } from 'commander'

import { idText, wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

export function addGrantCommands(program: Command): void {
  const grant = program.command('grant').description('what contractors may be shown')
  const load = () => import('./commands/grant.ts')
  grant
    .command('check')
    .description('what a document would allow: plain sentences, its policy, the past month')
    .argument('<file>', 'the grant in YAML, TOML or JSON; keys in specs/policy.md')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await load()).checkGrant(file, options))
  grant
    .command('explain')
    .description('what the policies would say to an opening; nothing opens')
    .argument('<capture>', 'its id')
    .requiredOption('--purpose <purpose>', 'what for')
    .option('--account <id>', 'somebody else')
    .option('--grant <id>', 'the grant it is asked under')
    .option('--view <view>', 'plate_crop or original')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (capture, options) => (await load()).explainDecision(capture, options))
  grant
    .command('list')
    .description('grants in all their versions, newest first')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listGrants(options))
  grant
    .command('propose')
    .description('propose a grant; somebody of another unit signs it')
    .argument('<file>', 'the grant in YAML, TOML or JSON')
    .option('--narrows <grant>', 'a narrower version of this grant')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await load()).proposeGrant(file, options))
  const loadSupervision = () => import('./commands/supervision.ts')
  grant
    .command('waiting')
    .description('what contractors ask for and wait for, live openings among them')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await loadSupervision()).listWaiting(options))
  grant
    .command('answer')
    .description('let one picture be shown, or one act be done, once; or decline')
    .argument('<question>', 'its id', idText)
    .option('--decline', 'it is not shown')
    .option('--reason <text>', 'why')
    .option(...hubOption)
    .action(async (question, options) => (await loadSupervision()).answer(question, options))
  grant
    .command('supervise')
    .description(
      'have each opening and act of a contractor’s people approved live, or end that by two people',
    )
    .argument('<party>', 'its id')
    .option('--reason <text>', 'why')
    .option('--end', 'the first person asks, a second of another unit ends it')
    .option(...hubOption)
    .action(async (party, options) => (await loadSupervision()).supervise(party, options))
  grant
    .command('sign')
    .description('the second signature: the version is in force')
    .argument('<grant>', 'its id')
    .argument('<version>', 'its version', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, version, options) => (await load()).signGrant(id, version, options))
  grant
    .command('revoke')
    .description('end a grant for good')
    .argument('<grant>', 'its id')
    .requiredOption('--reason <text>', 'kept with it')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await load()).revokeGrant(id, options))
}
