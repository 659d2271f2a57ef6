import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['quilt-mcp-source'] },
  ssr: { resolve: { conditions: ['quilt-mcp-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'e2e/**/*.test.ts', 'rules/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Fails the run when the log of any server that it started holds a secret or users' data.
    globalSetup: ['e2e/canary-check.ts'],
    // Node 20 is tested as long as we support it; the SDK's announcement would fill the log.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    reporters: ['default', './scripts/plain-summary.mjs'],
  },
})
