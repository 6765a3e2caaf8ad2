/** Commands about the computers at lanes, which act as a person at a hub. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addDeviceCommands(program: Command): void {
  const device = program.command('device').description('the computers at lanes')
  const load = () => import('./commands/device.ts')
  device
    .command('events')
    .description('what devices signed of themselves, newest first')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listEvents(options))
  device
    .command('orders')
    .description('work orders for lanes, newest first')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listOrders(options))
  device
    .command('order')
    .description('write a work order; another person lets it begin')
    .argument('<lane>', 'its id')
    .requiredOption('--number <text>', 'as it stands on paper')
    .requiredOption('--technician <name>', 'one person by name')
    .option('--party <id>', 'whose people come', 'agency')
    .requiredOption('--from <time>', 'RFC 3339, the earliest beginning')
    .requiredOption('--until <time>', 'RFC 3339, within 72 hours')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (lane, options) => (await load()).writeOrder(lane, options))
  device
    .command('begin')
    .description('let the work of an order begin: the lane takes drawn pictures only')
    .argument('<order>', 'its id')
    .option('--watching', 'you stay beside the work, as a party under supervision needs')
    .option(...hubOption)
    .action(async (order, options) => (await load()).turnOrder(order, 'beginning', options))
  device
    .command('end')
    .description('end the work of an order: the lane goes back into service')
    .argument('<order>', 'its id')
    .option(...hubOption)
    .action(async (order, options) => (await load()).turnOrder(order, 'ending', options))
  const loadAttest = () => import('./commands/device-attest.ts')
  device
    .command('attest')
    .description('on the lane: sign for a hand-over what its computer holds; or verify such a page')
    .option('--directory <dir>', "the lane's own directory", './lane')
    .option('--hub <url>', 'another address of the hub than the one enrolled with')
    .option('-o, --output <file>', 'write the page here as well')
    .option('--alone', 'without the hub: only to --output')
    .option('--deliver <file>', 'hand in a page that was written without the hub')
    .option('--verify <file>', 'whether a page is as its device signed it; asks nobody')
    .option('--keys <file>', 'with --verify: the list from sallyport device keys')
    .option('--json', 'one JSON object')
    .action(async (options) => (await loadAttest()).attestDevice(options))
  device
    .command('keys')
    .description('the public keys of every device, to verify hand-over pages with')
    .option(...hubOption)
    .action(async (options) => (await loadAttest()).listKeys(options))
  device
    .command('quarantine')
    .description('take a device off in one step; what it sends waits at the lane')
    .argument('<device>', 'its id')
    .requiredOption('--reason <text>', 'title of the incident that is opened')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (id, options) => (await load()).quarantineDevice(id, options))
  device
    .command('release')
    .description('let a device back in')
    .argument('<device>', 'its id')
    .option(...hubOption)
    .action(async (id, options) => (await load()).releaseDevice(id, options))
}
