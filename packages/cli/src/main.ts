/** The `sallyport` command. Each subcommand loads the packages that do its work, and no others. */

import { Command, CommanderError } from 'commander'

import { portNumber, wholeNumber } from './arguments.ts'
import { addBackupCommands } from './backup-commands.ts'
import { addDeviceCommands } from './device-commands.ts'
import { exitCodes, failureOf } from './exit.ts'
import { addFaceCommands } from './face-commands.ts'
import { addGalleryCommands } from './gallery-commands.ts'
import { addGrantCommands } from './grant-commands.ts'
import { addIncidentCommands } from './incident-commands.ts'
import { addKeysCommands } from './keys-commands.ts'
import { addLaneCommands } from './lane-commands.ts'
import { addLeakCommands } from './leaks-commands.ts'
import { addManifestCommands } from './manifest-commands.ts'
import { addMarksCommands } from './marks-commands.ts'
import { addPeopleCommands } from './people-commands.ts'
import { addReleaseCommands } from './release-commands.ts'
import { addRetentionCommands } from './retention-commands.ts'
import { hubOption } from './session/hub-option.ts'
import { addStayCommands } from './stay-commands.ts'
import { addWindowCommands } from './window-commands.ts'

const program = new Command('sallyport')
  .description('The imaging system of a border crossing whose pictures can be accounted for.')
  .version('0.1.0')
  .showHelpAfterError('(add --help for the options)')
  .exitOverride()
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    'after',
    `
Exit codes: 0 done · 1 the answer is no · 2 wrong use · 3 refused by policy · 4 the system failed
Settings: sallyport.toml, environment SALLYPORT_* over it, options over that (docs/operating.md)`,
  )

program
  .command('demo')
  .description('hub and three lanes on this machine, with drawn or real pictures')
  .option('--data <dir>', 'where everything is kept', './data')
  .option('--port <n>', 'port of the hub', portNumber, 8080)
  .option('--photos <dir>', 'drive one lane from a folder of photographs instead of drawn cameras')
  .option('--for <seconds>', 'end by itself after this long, with exit code 0', wholeNumber)
  .option('--no-open', 'do not open the browser')
  .action(async (options) => (await import('./commands/demo.ts')).demo(options))

program
  .command('hub')
  .description('the hub: takes crossings in, stores them, serves API and console')
  .option('--data <dir>', 'data directory (default ./data)')
  .option('--host <name>', 'address to listen on (default localhost)')
  .option('--port <n>', 'port to listen on (default 8080)', portNumber)
  .option('--database-url <url>', 'PostgreSQL 15 or newer; without it an embedded one is started')
  .option('--settings <file>', 'settings file (default ./sallyport.toml when there is one)')
  .option('--sign-in-link', 'print a one-time link for the first account')
  .action(async (options) => (await import('./commands/hub.ts')).hub(options))

addLaneCommands(program)

program
  .command('read')
  .description('plates in pictures')
  .argument('<path...>', 'pictures, or folders of pictures')
  .option('--json', 'one JSON object a line')
  .option('--format <name>', 'openalpr or platerecognizer: the answers those tools give')
  .action(async (paths, options) => (await import('./commands/read.ts')).read(paths, options))

addDeviceCommands(program)
addFaceCommands(program)

program
  .command('conformance')
  .description('check another plate reader against our vectors and score it beside ours')
  .option('--url <address>', 'a reader that takes POST /v1/plate-reader/, its whole address')
  .option('--token <secret>', 'its token')
  .option('--command <words>', 'a command that prints OpenALPR JSON, such as "alpr -j {}"')
  .option('--folder <dir>', 'pictures with truth.csv instead of drawn ones')
  .option('--pictures <n>', 'how many pictures are drawn', wholeNumber, 12)
  .option('--json', 'one JSON object a line')
  .action(async (options) => (await import('./commands/conformance.ts')).conformance(options))

program
  .command('synth')
  .description('drawn pictures with labels, as many as wanted: no real one is needed')
  .requiredOption(
    '--count <n>',
    'how many pictures the folder holds in the end, or people',
    wholeNumber,
  )
  .requiredOption('-o, --output <dir>', 'a new folder, or one of before: then it goes on')
  .option('--seed <text>', 'the same seed draws the same pictures', 'synth')
  .option('--month <month>', 'shares of jurisdictions, light and sizes of 2026-10 at the port')
  .option(...hubOption)
  .option('--json', 'one JSON object')
  .option('--people', 'people instead of plates, a folder each: what calibrate takes')
  .action(async (options) =>
    options.people === true
      ? (await import('./commands/synth-people.ts')).synthPeople(options)
      : (await import('./commands/synth.ts')).synth(options),
  )

const log = program.command('log').description('the tamper-evident log')
log
  .command('verify')
  .description('recompute every hash and check the signed checkpoint')
  .argument('<where>', 'log directory, mirror, or its URL (http://localhost:8080/log)')
  .option('--vkey <key>', 'verifier key; without it the key beside the log is used')
  .option('--policy <file>', 'C2SP tlog-policy: the witnesses must have cosigned, too')
  .option('--hashes-only', 'do not look into the entries: five times as fast')
  .option('--json', 'one JSON object: size, root, verified, first_bad')
  .action(async (where, options) => (await import('./commands/log.ts')).verify(where, options))
log
  .command('prove')
  .description('write the proof of one entry, to be checked offline by anybody')
  .argument('<index>', 'index of the entry', wholeNumber)
  .argument('[where]', 'log directory, mirror, or URL', './data')
  .option('--vkey <key>', 'verifier key')
  .option('-o, --output <file>', 'FILE.tlog-proof; without it stdout')
  .action(async (index, where, options) =>
    (await import('./commands/log-proof.ts')).prove(index, where, options),
  )
log
  .command('check')
  .description('check a .tlog-proof without asking anybody')
  .argument('<file>', 'the proof')
  .requiredOption('--policy <file>', 'C2SP tlog-policy: whose signatures you believe')
  .option('--vkey <key>', 'the log, when the policy names none')
  .option('--entry <file>', 'the exact bytes of the entry, when the proof does not hold them')
  .option('--json', 'one JSON object')
  .action(async (file, options) => (await import('./commands/log-proof.ts')).check(file, options))
log
  .command('mirror')
  .description('copy a log, checking it; run it again to go on')
  .argument('<where>', 'the log: its URL or directory')
  .argument('<directory>', 'where the copy lies')
  .option('--vkey <key>', 'verifier key')
  .option('--cosign <dir>', "a cosigner's directory (witness init): sign that the copy is held")
  .option('--json', 'one JSON object')
  .action(async (where, directory, options) =>
    (await import('./commands/log-mirror.ts')).mirror(where, directory, options),
  )
const absence = log
  .command('absence')
  .description('what was not opened between two witnessed checkpoints')
absence
  .command('export')
  .description('write the statement with all entries that it needs')
  .argument('[where]', 'log directory, mirror, or URL', './data')
  .option('--capture <id>', 'that this picture was not opened')
  .option('--account <id>', 'that this account opened no original; needs --disclosures')
  .option('--disclosures <file>', 'the answer of the hub at /v1/log/disclosures')
  .requiredOption('--from <checkpoint>', 'size of one that the log keeps, or a file')
  .option('--to <checkpoint>', 'the same, or latest', 'latest')
  .requiredOption('--policy <file>', 'C2SP tlog-policy with witnesses')
  .option('--vkey <key>', 'verifier key')
  .requiredOption('-o, --output <file>', 'the statement')
  .option('--json', 'one JSON object')
  .action(async (where, options) =>
    (await import('./commands/log-absence.ts')).exportAbsence(where, options),
  )
absence
  .command('check')
  .description('check a statement without asking anybody')
  .argument('<file>', 'the statement')
  .requiredOption('--policy <file>', 'C2SP tlog-policy with witnesses: whom you believe')
  .option('--vkey <key>', 'the log, when the policy names none')
  .option('--json', 'one JSON object')
  .action(async (file, options) => (await import('./commands/log-absence.ts')).check(file, options))

const witness = program
  .command('witness')
  .description('cosign the logs of others: remember what they showed, refuse what contradicts it')
witness
  .command('init')
  .description('make the key and folder of a new witness')
  .requiredOption('--name <name>', 'its name, like a URL without scheme: witness.example/w1')
  .option('--directory <dir>', "the witness's own directory", './witness')
  .option('--ml-dsa', 'a second, ML-DSA-44 key (Node 24.6 or newer)')
  .action(async (options) => (await import('./commands/witness.ts')).init(options))
witness
  .command('add-log')
  .description('follow a log from the next start on')
  .argument('<vkey>', "the log's verifier key, as a hub has it at /log/vkey")
  .option('--directory <dir>', "the witness's own directory", './witness')
  .action(async (vkey, options) => (await import('./commands/witness.ts')).addLog(vkey, options))
witness
  .command('run')
  .description('serve add-checkpoint until stopped (C2SP tlog-witness)')
  .option('--directory <dir>', "the witness's own directory", './witness')
  .option('--mirror <name>', 'keep copies too, and cosign them under this name (C2SP tlog-mirror)')
  .option('--host <name>', 'address to listen on', 'localhost')
  .option('--port <n>', 'port to listen on; 0 takes a free one', portNumber, 8090)
  .option('--for <seconds>', 'end by itself after this long, with exit code 0', wholeNumber)
  .action(async (options) => (await import('./commands/witness.ts')).run(options))

program
  .command('fsck')
  .description('check that rows, vault and log agree; changes nothing')
  .option('--data <dir>', 'data directory (default ./data)')
  .option('--database-url <url>', 'PostgreSQL of the hub when it is not the embedded one')
  .option('--settings <file>', 'settings file')
  .option('--json', 'one JSON object a line')
  .action(async (options) => (await import('./commands/fsck.ts')).fsck(options))

addBackupCommands(program, log)
addKeysCommands(program, wholeNumber)

addPeopleCommands(program)
addWindowCommands(program)
addStayCommands(program)
addManifestCommands(program)
addGalleryCommands(program)
addReleaseCommands(program)
addRetentionCommands(program)
addGrantCommands(program)
addIncidentCommands(program)

addLeakCommands(program)
addMarksCommands(program)

program
  .command('doctor')
  .description('check this machine: what is there, what is missing, what to do')
  .option('--data <dir>', 'data directory', './data')
  .option('--json', 'one JSON object a line')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options))

/** Commander would end the process itself; here the exit code is ours, at every depth. */
function leaveEndingToUs(command: Command): void {
  command.exitOverride()
  for (const part of command.commands) leaveEndingToUs(part)
}
leaveEndingToUs(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code === 'sallyport.number') console.error(error.message)
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse
  } else {
    const { message, exitCode } = failureOf(error)
    console.error(message)
    process.exitCode = exitCode
  }
}
