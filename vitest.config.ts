import { configDefaults, defineConfig } from 'vitest/config'

/** Their tests read and compute: what one leaves in the process cannot matter to the next. */
const together = [
  'packages/{console,core,marks,proof}/src/**/*.test.ts',
  'packages/{console,core,marks,proof}/src/**/*.test.tsx',
  'specs/**/*.test.ts',
]
const limits = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    globalSetup: ['test/support/database-server.ts'],
    maxWorkers: 2,
    projects: [
      {
        test: {
          // A process for each file would take as long to begin as all of these tests to run.
          ...{ name: 'together', isolate: false, sequence: { groupOrder: 0 } },
          include: together,
          ...limits,
        },
      },
      {
        test: {
          // Hubs, lanes and commands: each file in a process of its own.
          ...{ name: 'apart', isolate: true, sequence: { groupOrder: 1 } },
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/src/**/*.test.tsx',
            'test/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...together],
          ...limits,
        },
      },
    ],
  },
})
