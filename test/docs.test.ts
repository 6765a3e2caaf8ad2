/** The documents are true: what they name is there, and what is there they name. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { alarmKinds } from '@sallyport/core/alarm'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(file, 'utf8')
const matches = (text: string, pattern: RegExp): readonly string[] =>
  Array.from(text.matchAll(pattern), (found) => found[1] ?? '')

const documents = [
  ...markdownIn('.'),
  ...['docs', 'specs', 'packages', 'training'].flatMap((folder) => markdownBelow(folder)),
]
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

test('this test sees the documents', () => {
  expect(documents.length).toBeGreaterThan(15)
  expect(documents).toContain('README.md')
  expect(documents).toContain('docs/start.md')
})

test.for(documents)('%s: every npm script and every file it runs is there', (file) => {
  const text = read(file)
  for (const name of matches(text, /\bnpm (?:run )?(start|test|(?<=run )[a-z:-]+)/g)) {
    expect(Object.keys(scripts), `npm ${name}`).toContain(name)
  }
  for (const run of matches(text, /\b(?:npx tsx|node) ((?:bench|scripts|specs|test)\/[\w./-]+)/g)) {
    expect(existsSync(run), run).toBe(true)
  }
})

test.for(documents)('%s: every sallyport command and option is there', (file) => {
  const known = commands()
  for (const line of matches(read(file), /\bnpx sallyport ([^`\n|#]*)/g)) {
    const words = line.trim().split(/\s+/)
    const group = [...known.keys()].some((name) => name.startsWith(`${words[0] ?? ''} `))
    // `backup` has parts and is a command itself; `log` only has parts.
    const acts = (known.get(words[0] ?? '') ?? []).length > 0
    const isPart = group && (!acts || known.has(words.slice(0, 2).join(' ')))
    // A part may have parts itself: `gallery frequent propose` is declared as `frequent propose`.
    const isDeeper = isPart && known.has(words.slice(1, 3).join(' '))
    const name = (isDeeper ? words.slice(1, 3) : words.slice(0, isPart ? 2 : 1)).join(' ')
    const options = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? [])
    if (name.startsWith('--')) continue
    expect([...known.keys()], `sallyport ${line}`).toContain(name)
    for (const option of options) {
      expect([...(known.get(name) ?? []), '--help'], `sallyport ${line}`).toContain(option)
    }
  }
})

test.for(documents)('%s: every link within the repository leads somewhere', (file) => {
  const text = read(file).replaceAll(/```[^]*?```/g, '')
  for (const link of matches(text, /\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue
    const [target = '', anchor] = link.split('#')
    const found = target === '' ? file : path.join(path.dirname(file), target)
    expect(existsSync(found), `${file} → ${link}`).toBe(true)
    if (anchor !== undefined && anchor !== '') {
      expect(anchorsOf(found), `${file} → ${link}`).toContain(anchor)
    }
  }
})

test.for(['docs/security.md', 'docs/testing.md'])(
  '%s: every test that it names is there, under that name',
  (file) => {
    const links = [...read(file).matchAll(/\[([^\]]+)\]\(([^)]+\.test\.tsx?)\)/g)]
    expect(links.length).toBeGreaterThan(20)
    for (const [, title = '', link = ''] of links) {
      const source = read(path.join(path.dirname(file), link))
      expect(source.includes(title), `${link}: ${title}`).toBe(true)
    }
  },
)

test('every setting has its consequence in docs/operating.md', () => {
  const block = /const keys = \{([^}]*)\}/.exec(read('packages/cli/src/settings.ts'))?.[1] ?? ''
  const keys = matches(block, /^\s*(\w+):/gm)
  expect(keys.length).toBeGreaterThan(5)
  const manual = read('docs/operating.md')
  for (const key of keys) expect(manual, key).toContain(`**\`${key}\`.**`)
  const fromEnvironment = keys.filter((key) => key !== 'port_of_entry')
  for (const key of fromEnvironment) expect(manual).toContain(`\`SALLYPORT_${key.toUpperCase()}\``)
})

test('every problem code stands in specs/api.md with its status, and no other', () => {
  const table = /const table = \{([^]*?)\n\}/.exec(read('packages/hub/src/problems.ts'))?.[1] ?? ''
  const codes = Array.from(table.matchAll(/^ {2}([a-z_]+): \[(\d{3}),/gm), (found) =>
    found.slice(1, 3).join(' '),
  )
  expect(codes.length).toBeGreaterThan(20)
  const section = read('specs/api.md').split('## Problem codes')[1] ?? ''
  const documented = Array.from(section.matchAll(/^\| `([a-z_]+)` *\| (\d{3}) *\| \S/gm), (found) =>
    found.slice(1, 3).join(' '),
  )
  expect(documented.toSorted()).toEqual(codes.toSorted())
})

test('every route stands in specs/api.md', () => {
  const folder = 'packages/hub/src/api'
  const routes = readdirSync(folder).flatMap((name) =>
    matches(read(path.join(folder, name)), /(?:path: |app\.get\()'(\/[^'*]+)'/g),
  )
  expect(routes.length).toBeGreaterThan(20)
  const specification = read('specs/api.md')
  for (const route of routes) expect(specification, route).toContain(route)
})

test('every finding of fsck has its advice in docs/operating.md', () => {
  const home = 'packages/store/src'
  const sources = readdirSync(home).filter((name) => /^fsck.*\.ts$/.test(name))
  const all = sources.map((name) => read(path.join(home, name))).join('\n')
  const union = /type FsckCode =([^]*?)\n\n/.exec(all)?.[1] ?? ''
  const codes = matches(union, /'([a-z_]+)'/g)
  expect(codes.length).toBeGreaterThan(8)
  expectRows('## When fsck finds something', codes)
})

test('every alarm has its advice in docs/operating.md', () => {
  expectRows('## Alarms', alarmKinds)
})

/** The section has a row of three filled cells for each code, and no row for anything else. */
function expectRows(heading: string, codes: readonly string[]): void {
  const after = read('docs/operating.md').split(`\n${heading}\n`)[1] ?? ''
  const section = after.split('\n## ')[0] ?? ''
  const rows = matches(section, /^\| `([a-z_]+)` *\| [^|\s][^|]*\| [^|\s][^|]*\|$/gm)
  expect(rows.toSorted()).toEqual(codes.toSorted())
}

/** Every command of the program with its long options, as its source declares them. */
function commands(): ReadonlyMap<string, readonly string[]> {
  const home = 'packages/cli/src'
  const declaring = readdirSync(home).filter((name) => /^main\.ts$|-commands\.ts$/.test(name))
  const source = declaring.map((name) => read(path.join(home, name))).join('\n')
  const found = [...source.matchAll(/\b(\w+)\s*\.command\('([a-z-]+)'\)/g)]
  return new Map(
    found.map((one, at) => {
      const [, parent = '', name = ''] = one
      const declaration = source.slice(one.index, found[at + 1]?.index)
      const options = matches(declaration, /'(?:-\w, )?(--[a-z-]+)/g)
      const asks = declaration.includes('...hubOption') ? ['--hub'] : []
      return [parent === 'program' ? name : `${parent} ${name}`, [...options, ...asks]]
    }),
  )
}

/** Anchors of a document's headings, as code forges make them. */
function anchorsOf(file: string): readonly string[] {
  return matches(read(file), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name))
}

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/(^|\/)(node_modules|out|dist)\//.test(name))
    .map((name) => path.join(folder, name))
}

test('every kind of entry stands in specs/log.md, and in its vectors', () => {
  const specified = read('specs/log.md')
  const vectors = read('specs/vectors/log/entries.json')
  const folder = 'packages/proof/src'
  const sources = readdirSync(folder).filter((name) => /entry.*(?<!\.test)\.ts$/.test(name))
  const kinds = sources
    .flatMap((name) => matches(read(path.join(folder, name)), /\bHead<([^>]+)>/g))
    .flatMap((types) => matches(types, /'([a-z_]+)'/g))
  expect(kinds.length).toBeGreaterThan(90)
  expect(kinds.filter((kind) => !specified.includes(`\`${kind}\``))).toEqual([])
  expect(kinds.filter((kind) => !vectors.includes(`\\"kind\\":\\"${kind}\\"`))).toEqual([])
})
