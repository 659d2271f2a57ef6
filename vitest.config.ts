import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['quilt-mcp-source'] },
  ssr: { resolve: { conditions: ['quilt-mcp-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'e2e/**/*.test.ts', 'rules/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default', './scripts/plain-summary.mjs'],
  },
})
