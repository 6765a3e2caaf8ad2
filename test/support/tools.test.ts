import path from 'node:path'

import { expect, test } from 'vitest'

import { needTool } from './tools.ts'

const bin = path.dirname(process.execPath)

test('a tool that is there is found by name or by place', () => {
  expect(needTool('node', 'nodejs', { PATH: `/nowhere:${bin}` })).toBe(path.join(bin, 'node'))
  expect(needTool(process.execPath, 'nodejs', {})).toBe(process.execPath)
})

test.each(['no-such-tool', '/nowhere/no-such-tool'])(
  '%s is null, so that its tests skip; where nothing may be skipped it fails and says what to install',
  (name) => {
    expect(needTool(name, 'some-package', { PATH: bin })).toBeNull()
    expect(() =>
      needTool(name, 'some-package', { PATH: bin, SALLYPORT_TOOLS_REQUIRED: '1' }),
    ).toThrow(/apt install some-package/)
  },
)
