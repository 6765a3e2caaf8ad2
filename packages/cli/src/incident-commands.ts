/** Commands about scopes and incidents, and the replay of one. */

import type { Command } from 'commander'

import { idText, wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

/** `--party` and the like may be given again: several are joined. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

export function addIncidentCommands(program: Command): void {
  const incident = program.command('incident').description('after a suspicion: what was exposed')
  const none: readonly string[] = []
  incident
    .command('scope')
    .description('what a suspicion reached: pictures, people, plates, lanes and days, by grade')
    .option(
      '--party <id>',
      'what was shown or released to a party, and what its grants reached',
      collect,
      none,
    )
    .option('--person <account>', 'what one account opened', collect, none)
    .option('--grant <id>', 'what was opened under a grant, and what it reached', collect, none)
    .option('--device <id>', 'a device or its key: what it took in the window', collect, none)
    .option('--lane <id>', "a lane's disk, spool or network: sealed files only", collect, none)
    .option(
      '--key <day|day:recipient|id>',
      'the epoch keys of a day, one of them, or a key of the keystore',
      collect,
      none,
    )
    .option(
      '--capture-hash <sha256>',
      'a sealed body or released file that was found',
      collect,
      none,
    )
    .option('--release <id>', 'a release', collect, none)
    .option('--window', 'everything that anybody opened in the window')
    .requiredOption('--from <time>', 'begin of the window, a day or an RFC 3339 time in UTC')
    .requiredOption('--to <time>', 'its end, not included')
    .requiredOption('--why <text>', 'kept with it')
    .option('--incident <id>', 'the incident that it belongs to', idText)
    .option('--revises <scope>', 'a later version of this scope; says what changed', idText)
    .option('--faces', 'opens templates of faces, under an entry of the log, to tell people apart')
    .option('-o, --output <file>', 'write the signed bundle that reproduces the numbers')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/incident-scope.ts')).scope(options))
  incident
    .command('verify')
    .description(
      'reproduce every number of a scope from its bundle, or check a pack, asking nobody',
    )
    .argument('<bundle>', 'the file that incident scope -o or incident pack wrote')
    .option('--vkey <key>', 'the log, from elsewhere than the bundle')
    .option('--agency <key>', "the agency's key, from elsewhere than the bundle")
    .option('--json', 'one JSON object')
    .action(async (file, options) =>
      (await import('./commands/incident-verify.ts')).verifyBundle(file, options),
    )
  incident
    .command('check')
    .description(
      'count a scope again by a second engine, over files that the log has the hashes of',
    )
    .argument('<scope>', 'its id', idText)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) =>
      (await import('./commands/incident-check.ts')).check(id, options),
    )
  incident
    .command('pack')
    .description('what an incident rests on, as one signed file: events, scopes, steps, notices')
    .argument('<incident>', 'its id', idText)
    .option('--party <id>', 'with the grants and the equipment of this party')
    .option('-o, --output <file>', 'where it goes')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await import('./commands/incident-pack.ts')).pack(id, options))
  const room = () => import('./commands/incident-room.ts')
  incident
    .command('open')
    .description('open an incident; the clocks of notices count from its times')
    .argument('<title>', 'one line')
    .option('--suspected <time>', 'the first suspicion of anyone in the chain (default: --known)')
    .option('--known <time>', 'when the agency itself knew (default: now)')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (title, options) => (await room()).openIncident(title, options))
  incident
    .command('list')
    .description('incidents that you may know of, newest first')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await room()).listIncidents(options))
  incident
    .command('show')
    .description('timeline and containment of one incident')
    .argument('<incident>', 'its id', idText)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await room()).showIncident(id, options))
  incident
    .command('contain')
    .description('cut off, and wait until every part has confirmed')
    .argument('<incident>', 'its id', idText)
    .option('--party <id>', 'suspend every grant of a party', collect, none)
    .option('--person <account>', 'disable an account and end its sessions', collect, none)
    .option('--device <id>', 'quarantine a device: its bundles wait at the lane', collect, none)
    .option('--freeze', 'shred nothing')
    .option(
      '--key <day>',
      'declare the rest of a day lost; with a second person its key goes',
      collect,
      none,
    )
    .option('--rotate-keys', "replace the keys that lanes seal to, today's and all to come")
    .option(
      '--destroy-earlier <step>',
      'destroy what a step replaced; with a second person of another unit it goes',
      idText,
    )
    .option('--accept', 'with --destroy-earlier: what was not delivered opens for nobody')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await room()).contain(id, options))
  incident
    .command('lift')
    .description('let back in what a step cut off')
    .argument('<step>', 'its id', idText)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await room()).lift(id, options))
  incident
    .command('notices')
    .description(
      'who is owed a notice by when; --page and --pdf write one, --sent records that it went out',
    )
    .argument('<incident>', 'its id', idText)
    .option('--page <rule>', 'write this notice as a page')
    .option('--pdf <rule>', 'write this notice as a PDF')
    .option('--sent-version <n>', 'with --pdf: this version as it went out', wholeNumber)
    .option('--sent <rule>', 'record that this notice went out as it reads now')
    .option('--language <code>', 'en, es or fr', 'en')
    .option('--to <whom>', 'to whom it was sent')
    .option('--proof <file>', 'what shows that it was sent; only its hash is kept')
    .option('-o, --output <file>', 'where the page or PDF goes')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (id, options) => (await import('./commands/notices.ts')).notices(id, options))
  program
    .command('subject')
    .description('what is held of a plate and who saw it; nobody else is named')
    .argument('<plate>', 'as the traveller writes it')
    .requiredOption('--reference <text>', "the agency's own file")
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (plate, options) =>
      (await import('./commands/notices.ts')).subject(plate, options),
    )
  program
    .command('replay')
    .description('replay the incident of 2019, as it was and as built; needs no hub')
    .argument('<story>', '2019')
    .option('--scale <n>', 'one in n of the people and pictures', wholeNumber, 1)
    .option('--keep <dir>', 'keep the data of it, to be looked at with sallyport hub')
    .option('--json', 'end with one JSON object instead of the page')
    .action(async (story, options) => (await import('./commands/replay.ts')).replay(story, options))
}
