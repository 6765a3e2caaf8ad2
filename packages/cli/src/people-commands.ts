/** Commands that act as a person at a hub, over its API. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addPeopleCommands(program: Command): void {
  program
    .command('sign-in')
    .description('start a session with a one-time link; later commands act as you')
    .argument('[link]', 'http://…/sign-in#token=…; without it the link is read from standard input')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (link, options) => (await import('./commands/sign-in.ts')).signIn(link, options))
  program
    .command('sign-out')
    .description('end the session, here and at the hub')
    .option(...hubOption)
    .action(async (options) => (await import('./commands/sign-in.ts')).signOut(options))
  program
    .command('whoami')
    .description('who you are at the hub, what you may do, and until when')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/sign-in.ts')).whoami(options))
  program
    .command('evaluate')
    .description(
      'how well the reader does on plates that people decided on; no picture leaves the hub',
    )
    .option('--link <url>', 'act as whoever this one-time link names, and keep no session')
    .option(...hubOption)
    .option('--lane <id>', 'crossings of one lane')
    .option('--from <time>', 'verdicts from then on')
    .option('--to <time>', 'verdicts before then')
    .option('--misread', 'list what was misread, for those who may see plates')
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/evaluate.ts')).evaluate(options))
}
