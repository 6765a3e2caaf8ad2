/** Commands that act as a person at a hub, over its API. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
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
    .option('--model <file>', "a contractor's ONNX plate reader: it runs inside, in a sandbox")
    .option('--card <file>', 'what the model wants and gives (default: beside it, .json)')
    .option('--on <set>', 'with --model: verdicts:2026-10, a month that is over')
    .option('--owner <party>', 'with --model: whose it is, when somebody of the agency asks')
    .option('--lane <id>', 'crossings of one lane')
    .option('--from <time>', 'verdicts from then on')
    .option('--to <time>', 'verdicts before then')
    .option('--sample', 'only sure reads that were drawn at random: what their confidence is worth')
    .option('--misread', 'list what was misread, for those who may see plates')
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/evaluate.ts')).evaluate(options))
  program
    .command('open')
    .description('open one picture for a purpose; the log has it first')
    .argument('<capture>', 'its id, as the crossing has it')
    .requiredOption('--purpose <purpose>', 'what for; whoami lists yours')
    .requiredOption('-o, --output <file>', 'a new file for the picture')
    .option('--seal-to <recipient>', 'write an age file that only its holder opens: age1…')
    .option('--note <text>', 'what the purpose does not say, such as a case number')
    .option('--receipt <file>', 'write the proof, for: log check')
    .option('--vkey <key>', "the log's verifier key; without it the hub's word is taken")
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (capture, options) => (await import('./commands/open.ts')).open(capture, options))
  addWatchCommands(program)
  addWebhookCommands(program)
}

function addWatchCommands(program: Command): void {
  const watch = program.command('watch').description('plates that are looked for')
  watch
    .command('list')
    .description('entries of the watch list, newest first')
    .option('--state <state>', 'in_force, expired, withdrawn or any', 'in_force')
    .option('--plate <text>', 'any part of a plate, alike characters as one')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await import('./commands/watch.ts')).listEntries(options))
  watch
    .command('add')
    .description('show what an entry would accept; with --accepts put it in force')
    .argument('<plate>', 'letters and digits')
    .requiredOption('--issuer <name>', 'who looks for it')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--expires <time>', '2026-12-31, or 2026-12-31T12:00:00Z')
    .option('--jurisdiction <code>', 'us, us-ca, mx-bcn; without it any')
    .option('--tolerance <n>', 'characters that may be misread: 0, 1 or 2', wholeNumber, 1)
    .option('--accepts <n>', 'how many plates the preview showed', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (plate, options) =>
      (await import('./commands/watch.ts')).addEntry(plate, options),
    )
  watch
    .command('import')
    .description('check a CSV file of entries; with --accepts put all of it in force')
    .argument('<file>', 'columns plate, issuer, reason, expires_at; also jurisdiction, tolerance')
    .option('--accepts <n>', 'how many plates the check showed', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) =>
      (await import('./commands/watch.ts')).importEntries(file, options),
    )
  watch
    .command('withdraw')
    .description('withdraw an entry: it matches nothing from then on')
    .argument('<entry>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (entry, options) =>
      (await import('./commands/watch.ts')).withdrawEntry(entry, options),
    )
}

function addWebhookCommands(program: Command): void {
  const webhook = program.command('webhook').description('other systems that are told of events')
  webhook
    .command('list')
    .description('who is told of what, and whether it arrives')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await import('./commands/webhook.ts')).listWebhooks(options))
  webhook
    .command('add')
    .description('tell an address; prints its secret, once')
    .argument('<url>', 'https://receiver.example/events')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--purpose <purpose>', 'operations, statistics, gate_control or case_system')
    .option('--event <type...>', 'crossing.recorded (default), alarm.raised')
    .option('--plates', 'plates in clear; only for gate_control and case_system')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (url, options) =>
      (await import('./commands/webhook.ts')).addWebhook(url, options),
    )
  webhook
    .command('test')
    .description('send an event that says nothing, and see whether it arrives')
    .argument('<webhook>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await import('./commands/webhook.ts')).testWebhook(id, options))
  webhook
    .command('remove')
    .description('end it, with what waits for it')
    .argument('<webhook>', 'its id')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) =>
      (await import('./commands/webhook.ts')).removeWebhook(id, options),
    )
}
