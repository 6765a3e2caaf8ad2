// Around `npm pack` of a package: `before` builds JavaScript and points the manifest at it, `after` restores the manifest.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const folder = process.cwd()
const manifest = path.join(folder, 'package.json')
const kept = path.join(folder, '.package.json.kept')

// A pack that was cut off leaves the original here: it comes back first.
if (existsSync(kept)) renameSync(kept, manifest)
if (process.argv[2] === 'before') build()

function build() {
  const text = readFileSync(manifest, 'utf8')
  const given = JSON.parse(text)
  for (const old of ['dist', 'built'])
    rmSync(path.join(folder, old), { recursive: true, force: true })
  const config = path.join(folder, '.tsconfig.pack.json')
  writeFileSync(config, JSON.stringify(settings()))
  const require = createRequire(import.meta.url)
  const compiler = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  try {
    execFileSync(process.execPath, [compiler, '-p', config], { stdio: 'inherit' })
  } finally {
    rmSync(config)
  }
  // Packages that this one imports are compiled beside it; they are packed by themselves.
  renameSync(path.join(folder, 'built', path.basename(folder), 'src'), path.join(folder, 'dist'))
  rmSync(path.join(folder, 'built'), { recursive: true })
  const built = (source) => {
    const file = source.replace('./src/', './dist/').replace(/\.ts$/, '')
    return { types: `${file}.d.ts`, default: `${file}.js` }
  }
  const exports = Object.entries(given.exports).map(([name, source]) => [name, built(source)])
  const dependencies = Object.entries(given.dependencies ?? {}).map(([name, range]) => [
    name,
    range === '*' ? given.version : range,
  ])
  const { scripts: _, private: __, ...rest } = given
  writeFileSync(kept, text)
  writeFileSync(
    manifest,
    JSON.stringify(
      {
        ...rest,
        exports: Object.fromEntries(exports),
        dependencies: Object.fromEntries(dependencies),
      },
      null,
      2,
    ),
  )
}

function settings() {
  return {
    extends: path.join(import.meta.dirname, '..', 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowImportingTsExtensions: false,
      rootDir: path.join(folder, '..'),
      outDir: 'built',
      typeRoots: [path.join(import.meta.dirname, '..', 'node_modules', '@types')],
    },
    include: ['src'],
    exclude: ['src/**/*.test.ts'],
  }
}
