/** Commands that act as a person at a hub, over its API. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'
import { addWatchCommands } from './watch-commands.ts'

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
    .option(
      '--model <file>',
      "a contractor's ONNX model of plates or faces: it runs inside, in a sandbox",
    )
    .option('--card <file>', 'what the model wants and gives (default: beside it, .json)')
    .option('--on <set>', 'with --model: verdicts:2026-10, a month that is over')
    .option('--owner <party>', 'with --model: whose it is, when somebody of the agency asks')
    .option('--at <percents>', 'with a face model: strangers who may match, such as 10,1,0.1')
    .option('--cuts <distances>', 'with a face model: between which its pairs are counted, rising')
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
