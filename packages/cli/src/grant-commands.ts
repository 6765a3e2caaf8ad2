/** Commands about grants and parties, which act as a person at a hub. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
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
