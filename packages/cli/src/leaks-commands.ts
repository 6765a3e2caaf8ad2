/** Commands about copies that were found outside. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

export function addLeakCommands(program: Command): void {
  const leaks = program
    .command('leaks')
    .description('copies found outside: whose pictures they are, and to whom they were given')
  const load = () => import('./commands/leaks.ts')
  leaks
    .command('search')
    .description('look at every file of a source, and say what may be said of it')
    .argument('<path...>', 'files, folders, .zip archives, s3://bucket/prefix')
    .requiredOption('--case <text>', 'the case that it is for; it stands in the record')
    .option('--urls', 'the paths are lists of addresses, one a line')
    .option('--watch', 'folders are watched for new files until Ctrl+C')
    .option(
      '--self-test <n>',
      'plant copies of n stored pictures and count those found',
      wholeNumber,
    )
    .option(...hubOption)
    .option('--json', 'one JSON object a file, then one of the search')
    .action(async (paths, options) => (await load()).searchLeaks(paths, options))
  leaks
    .command('list')
    .description('searches, newest first')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listSearches(options))
  leaks
    .command('show')
    .description('one search: its findings, and what may be said of it')
    .argument('<search>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object a file, then one of the search')
    .action(async (search, options) => (await load()).showSearch(search, options))
}
