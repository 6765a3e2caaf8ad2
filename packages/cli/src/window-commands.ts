/** Commands of the window and of secondary, which act as a person at a hub. */

import { Argument, type Command, Option } from 'commander'

import { hubOption } from './session/hub-option.ts'

const reasons = [
  'look_yourself',
  'watch_hit',
  'plate_unsure',
  'document',
  'declaration',
  'random_check',
  'traveller_asked',
  'other',
]
const findings = ['same_person', 'another_person', 'cannot_tell', 'no_comparison']
const noteWords = 'for colleagues; the log has a commitment to it only'
const outcomes = ['admitted', 'admitted_after_correction', 'left_by_choice', 'taken_over']

export function addWindowCommands(program: Command): void {
  addWindow(program)
  addSecondary(program)
}

function addWindow(program: Command): void {
  const window = program
    .command('window')
    .description('decide at the window, as the officer who is signed in; each step is logged')
  const load = () => import('./commands/window.ts')
  window
    .command('shift')
    .description('say where your shift is; start it at a lane, or end it')
    .argument('[lane]', 'starts it there')
    .option('--end', 'end it')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (lane, options) => (await load()).shift(lane, options))
  window
    .command('standing')
    .description('where a crossing stands, and everything that was said of it')
    .argument('[crossing]', 'its id; without it the newest of the lane of your shift')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (crossing, options) => (await load()).standing(crossing, options))
  ofStep(
    window.command('admit').description('the traveller goes on').option('--note <text>', noteWords),
  ).action(async (crossing, options) => (await load()).say(crossing, { says: 'admitted' }, options))
  ofStep(
    window
      .command('refer')
      .description('refer to secondary; it says nothing against the traveller')
      .addOption(new Option('--reason <code>', 'why').choices(reasons).makeOptionMandatory())
      .option('--note <text>', noteWords),
  ).action(async (crossing, options) =>
    (await load()).say(crossing, { says: 'referred', reason: options['reason'] }, options),
  )
  ofStep(
    window
      .command('opt-out')
      .description('the traveller declines the comparison of faces: what was taken is dropped')
      .option('--note <text>', noteWords),
  ).action(async (crossing, options) =>
    (await load()).say(crossing, { says: 'opted_out' }, options),
  )
  ofStep(window.command('undo').description('take your last step back, for ten seconds')).action(
    async (crossing, options) => (await load()).say(crossing, { says: 'undone' }, options),
  )
  window
    .command('hand-over')
    .description('hand the lane of your shift over: a note, its open referrals; the shift ends')
    .option('--note <text>', 'what the next officer must know', '')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).handOver(options))
  window
    .command('take-over')
    .description('read what was handed over at a lane; with --read, take it and start your shift')
    .argument('<lane>', 'its id')
    .option('--read', 'you have read it: take over')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (lane, options) => (await load()).takeOver(lane, options))
  window
    .command('times')
    .description('time from arrival to verdict, opted out beside others')
    .option('--days <n>', 'so many back', '30')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).times(options))
}

/** What every step at the window takes. */
function ofStep(command: Command): Command {
  return command
    .argument('<crossing>', 'its id, as `standing` and the console show it')
    .option('--seen <n>', 'refuse when more steps than these were said; by default those there now')
    .option(...hubOption)
    .option('--json', 'one JSON object')
}

function addSecondary(program: Command): void {
  const secondary = program
    .command('secondary')
    .description('what was referred: look yourself, then close it')
  const load = () => import('./commands/secondary.ts')
  secondary
    .command('list')
    .description('referrals that wait, newest first')
    .option('--closed', 'those that were closed, instead')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).list(options))
  secondary
    .command('finding')
    .description('say what you see yourself; what colleagues found is shown after it')
    .argument('<crossing>', 'its id')
    .addArgument(new Argument('<finding>', 'what you see').choices(findings))
    .option('--note <text>', noteWords)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (crossing, finding, options) => (await load()).find(crossing, finding, options))
  secondary
    .command('close')
    .description('close a referral; a face that was searched among many needs a second person')
    .argument('<crossing>', 'its id')
    .addArgument(new Argument('<outcome>', 'how it ended').choices(outcomes))
    .option(
      '--wrong <what>',
      'what was wrong in what was shown: plate, face, watch, document; with commas',
    )
    .option('--note <text>', noteWords)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (crossing, outcome, options) => (await load()).close(crossing, outcome, options))
  secondary
    .command('explanation')
    .description('the sheet for the traveller: why they were asked in, and where to turn')
    .argument('<crossing>', 'its id')
    .addOption(
      new Option('--language <code>', 'of the sheet').choices(['en', 'es', 'fr']).default('en'),
    )
    .option(...hubOption)
    .action(async (crossing, options) => (await load()).explanation(crossing, options))
}
