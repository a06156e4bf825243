import { defineConfig } from 'vitest/config'

const vm = ['test/vm/**/*.vm.test.ts']

/** Seconds first, minutes next, virtual machines last and one at a time: two guests at once distort each other's time. */
export default defineConfig(({ mode }) => ({
  test: {
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/vm/**', 'test/long/**'],
          // By default one core is left free; on a computer with two, the only worker would begin after all else.
          maxWorkers: '100%',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'vm',
          include: vm,
          globalSetup: ['test/support/build-image.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      ...(mode === 'long'
        ? [
            {
              extends: true as const,
              test: {
                name: 'long',
                include: ['test/long/**/*.test.ts'],
                fileParallelism: false,
                testTimeout: 3_600_000,
                sequence: { groupOrder: 2 },
              },
            },
          ]
        : []),
    ],
  },
}))
