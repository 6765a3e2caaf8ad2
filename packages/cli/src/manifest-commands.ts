/** Commands about passenger lists and documents. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

export function addManifestCommands(program: Command): void {
  const manifest = program
    .command('manifest')
    .description('passenger lists: PAXLST, or a .csv table')
  const load = () => import('./commands/manifest.ts')
  manifest
    .command('check')
    .description('read a list on this machine and say what it holds, or what is wrong where')
    .argument('<file>', 'UN/EDIFACT PAXLST, or a table when it ends in .csv')
    .option('--reference <text>', 'flight or voyage, for a table')
    .option('--transport <kind>', 'flight, sailing, train, road or other, for a table')
    .option('--arrives <time>', '2026-11-22T11:30 on the clocks of the port, for a table')
    .option('--arrives-in <place>', 'where, for a table')
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await load()).checkManifest(file, options))
  manifest
    .command('import')
    .description('have the hub check a list; with --accepts its people are expected')
    .argument('<file>', 'UN/EDIFACT PAXLST, or a table when it ends in .csv')
    .option('--reference <text>', 'flight or voyage, for a table')
    .option('--transport <kind>', 'flight, sailing, train, road or other, for a table')
    .option('--arrives <time>', '2026-11-22T11:30 on the clocks of the port, for a table')
    .option('--arrives-in <place>', 'where, for a table')
    .option('--accepts <n>', 'how many travellers the check showed', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await load()).importManifest(file, options))
  manifest
    .command('list')
    .description('lists in force')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listManifests(options))
  program
    .command('mrz')
    .description('what a machine-readable zone says, and which check digits hold')
    .argument('[file]', 'two or three lines of text; without it standard input')
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await import('./commands/mrz.ts')).readMrz(file, options))
}
