/** Commands about releases: copies that leave, and what their recipient does with them. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

const load = () => import('./commands/release.ts')
const json = ['--json', 'one JSON object'] as const
const jsonLines = ['--json', 'one JSON object a line'] as const

export function addReleaseCommands(program: Command): void {
  const release = program
    .command('release')
    .description('copies for courts and other agencies: marked, sealed, asked back')
  release
    .command('request')
    .description('ask for copies; two people of other units approve')
    .argument('<capture...>', 'ids of the pictures')
    .requiredOption('--to <recipient>', 'id of a recipient: release recipient list')
    .requiredOption('--purpose <purpose>', 'court, partner_agency or subject_request')
    .requiredOption('--basis <text>', 'the order or case')
    .requiredOption('--until <instant>', 'every copy is returned or destroyed by then')
    .option('--canaries <n>', 'drawn records among them; one in ten by default', wholeNumber)
    .option(...hubOption)
    .option(...json)
    .action(async (captures, options) => (await load()).requestRelease(captures, options))
  release
    .command('approve')
    .description('approve one, or decline it')
    .argument('<release>', 'its id')
    .option('--decline', 'it is not made')
    .option(...hubOption)
    .option(...json)
    .action(async (id, options) => (await load()).answerRelease(id, options))
  release
    .command('make')
    .description('have an approved release made, and fetch it')
    .argument('<release>', 'its id')
    .option('-o, --output <file>', 'the package for the recipient, a ZIP')
    .option(...hubOption)
    .option(...json)
    .action(async (id, options) => (await load()).makeRelease(id, options))
  release
    .command('verify')
    .description('for the recipient: whether the copies are as the agency signed them')
    .argument('<package>', 'the folder or ZIP')
    .requiredOption('--key <hex>', 'the agency’s public key, known on another way')
    .option('--log-key <vkey>', 'the key of the agency’s log: checks the receipt, too')
    .option('--identity <file>', 'the age identity that opens the files')
    .option('-o, --output <folder>', 'where the opened files go')
    .option(...json)
    .action(async (where, options) =>
      (await import('./commands/release-verify.ts')).verifyPackage(where, options),
    )
  release
    .command('attest')
    .description('write down that the recipient returned or destroyed its copies')
    .argument('<release>', 'its id')
    .requiredOption('--how <how>', 'returned or destroyed')
    .requiredOption('--by <name>', 'who of the recipient says so')
    .requiredOption('--statement <file>', 'what was signed; its hash is kept')
    .option(...hubOption)
    .option(...json)
    .action(async (id, options) => (await load()).attestRelease(id, options))
  release
    .command('list')
    .description('releases, newest first, and where their copies are')
    .option(...hubOption)
    .option(...jsonLines)
    .action(async (options) => (await load()).listReleases(options))
  release
    .command('canaries')
    .description('whether something found outside was planted, and in whose copies')
    .argument('[file...]', 'pictures that were found')
    .option('--plate <text...>', 'plates that were found')
    .option(...hubOption)
    .option(...jsonLines)
    .action(async (files, options) => (await load()).findCanaries(files, options))
  addRecipientCommands(release)
}

function addRecipientCommands(release: Command): void {
  const recipient = release.command('recipient').description('keys that copies may be sealed to')
  recipient
    .command('add')
    .description('add a key; its party is made when it is new')
    .argument('<party>', 'short name of the court or agency')
    .requiredOption('--name <name>', 'its full name')
    .requiredOption('--contact <text>', 'whom the agency calls')
    .requiredOption('--key <recipient>', 'its age recipient, age1…')
    .option(...hubOption)
    .option(...json)
    .action(async (party, options) => (await load()).addRecipient(party, options))
  recipient
    .command('list')
    .description('keys in force and revoked ones')
    .option(...hubOption)
    .option(...jsonLines)
    .action(async (options) => (await load()).listRecipients(options))
  recipient
    .command('revoke')
    .description('seal nothing to a key any more')
    .argument('<recipient>', 'its id')
    .option(...hubOption)
    .option(...json)
    .action(async (id, options) => (await load()).revokeRecipient(id, options))
}
