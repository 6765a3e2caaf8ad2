/** `@sallyport/vision` packed, installed in a project that has nothing else of ours, and used. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = path.join(import.meta.dirname, '../..')
const modules = path.join(root, 'node_modules')
const patience = 600_000
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-standalone-'))
  await copyRepository(path.join(folder, 'repository'))
  for (const name of ['core', 'vision']) {
    const home = path.join(folder, 'repository/packages', name)
    await run('npm', ['pack', '--pack-destination', folder], { cwd: home })
  }
  await install(path.join(folder, 'empty'))
}, patience)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Packing changes the manifest for a moment: not in the tree that other tests run in. */
async function copyRepository(to: string): Promise<void> {
  for (const name of ['packages/core', 'packages/vision', 'scripts', 'tsconfig.json']) {
    await cp(path.join(root, name), path.join(to, name), { recursive: true })
  }
  await mkdir(path.join(to, 'node_modules/@sallyport'), { recursive: true })
  for (const name of await readdir(modules)) {
    if (name === '@sallyport' || name.startsWith('.')) continue
    await symlink(path.join(modules, name), path.join(to, 'node_modules', name))
  }
  for (const name of ['core', 'vision']) {
    const link = path.join(to, 'node_modules/@sallyport', name)
    await symlink(path.join(to, 'packages', name), link)
  }
}

/** Our two files through npm; what they need of the registry is laid there before, so that little of it is asked. */
async function install(project: string): Promise<void> {
  await mkdir(project, { recursive: true })
  await writeFile(path.join(project, 'package.json'), '{"private":true,"type":"module"}')
  const manifest = path.join(root, 'packages/vision/package.json')
  const { dependencies } = JSON.parse(await readFile(manifest, 'utf8')) as {
    dependencies: Record<string, string>
  }
  const foreign = Object.keys(dependencies).filter((name) => !name.startsWith('@sallyport/'))
  await layFromRegistry(project, foreign)
  const packed = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  await run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      ...packed.map((name) => `../${name}`),
    ],
    { cwd: project },
  )
}

async function layFromRegistry(project: string, wanted: readonly string[]): Promise<void> {
  const seen = new Set<string>()
  const open = [...wanted]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const from = path.join(modules, name)
    if (seen.has(name) || !existsSync(path.join(from, 'package.json'))) continue
    seen.add(name)
    await cp(from, path.join(project, 'node_modules', name), { recursive: true, filter: isForHere })
    const manifest = JSON.parse(await readFile(path.join(from, 'package.json'), 'utf8')) as {
      readonly dependencies?: Record<string, string>
      readonly optionalDependencies?: Record<string, string>
    }
    open.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
  }
}

/** ONNX Runtime brings libraries for every system, 200 MB of them. */
function isForHere(file: string): boolean {
  const [, system, machine] = /napi-v\d+[/\\](\w+)(?:[/\\](\w+))?/.exec(file) ?? []
  const here = system === undefined || system === process.platform
  return here && (machine === undefined || machine === process.arch)
}

async function script(lines: readonly string[]): Promise<string> {
  const file = path.join(folder, 'empty/run.mjs')
  await writeFile(file, lines.join('\n'))
  const { stdout } = await run(process.execPath, [file], { cwd: path.dirname(file) })
  return stdout
}

test(
  'what its README shows reads a plate, in plain JavaScript',
  async () => {
    const lane = drawnLane('b')
    const plan = planPass(lane, 28)
    const [pose] = plan.poses.toSorted(
      (a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5),
    )
    if (pose === undefined) throw new Error('a pass has poses')
    const { jpeg } = await new Painter(lane).drawPose(plan, pose)
    await writeFile(path.join(folder, 'empty/car.jpg'), jpeg)
    const readme = await readFile(path.join(root, 'packages/vision/README.md'), 'utf8')
    const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(12)
    const stdout = await script([example])
    expect(stdout).toMatch(/^[A-Z0-9]{5,8} 0\.\d+ /m)
  },
  patience,
)

test(
  'threads, votes and declarations are in it, sources and tests are not',
  async () => {
    const stdout = await script([
      "import { decodePicture, PlateReaderPool, votePlate } from '@sallyport/vision'",
      "import { readFile } from 'node:fs/promises'",
      'const pool = await PlateReaderPool.open({ workers: 2 })',
      "const { picture } = await decodePicture(await readFile('car.jpg'))",
      'console.log(votePlate(await pool.look(picture)).kind)',
      'await pool.close()',
    ])
    expect(stdout).toMatch(/^(read|unsure)$/m)
    const dist = await readdir(path.join(folder, 'empty/node_modules/@sallyport/vision/dist'))
    expect(dist).toContain('index.d.ts')
    expect(dist.filter((name) => /test|(?<!\.d)\.ts$/.test(name))).toEqual([])
  },
  patience,
)
