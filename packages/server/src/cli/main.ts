#!/usr/bin/env node
// The entry of the bundled command.
import { runCommand } from './commands.js'

// The AWS SDK announces on stderr when it will leave Node 20; which versions of Node we support is our announcement to make.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

process.exitCode = await runCommand(process.argv.slice(2))
