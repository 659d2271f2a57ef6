// `quilt-mcp doctor`: which settings count, which backend serves and why, and whether it works.
import type { Backend } from '@quilt-mcp/backends'
import { type Setting, settings } from '../config/schema.js'
import type { Command } from './command.js'
import { type Check, checkBackend } from './doctor/checks.js'
import { type DoctorReport, type ReportedSetting, reportText } from './doctor/report.js'
import { exitCodes } from './exit-code.js'
import { ownCaller } from './own-caller.js'
import { type ProcessSettings, processSettings, surroundings } from './settings.js'
import { forTerminal } from './terminal.js'
import { version } from './version.js'

export const doctor: Command = {
  usage: '',
  about:
    'Changes nothing. Takes the same settings as start; ends with 3 when a check failed. Secrets are not printed: the report can be shown to others.',
  flags: [{ flag: '--json', description: 'Print the report as one line of JSON, with every setting.' }],
  settings: settings.map(({ name }) => name),
  async run(line) {
    const loaded = await processSettings(line.settings)
    const caller = ownCaller(loaded.config, { surroundings: surroundings() })
    try {
      const report = await examine(loaded, await caller.backend())
      process.stdout.write(line.flags.has('json') ? `${JSON.stringify(report)}\n` : forTerminal(reportText(report)))
      return report.ok ? exitCodes.ok : exitCodes.unavailable
    } finally {
      await caller.close()
    }
  },
}

async function examine(loaded: ProcessSettings, backend: Backend): Promise<DoctorReport> {
  const checks = [...checkFile(loaded), ...(await checkBackend(backend))]
  return {
    version,
    node: process.versions.node,
    settings: settings.map((setting) => reported(setting, loaded)),
    backend: backend.name,
    trace: backend.trace ?? [],
    checks,
    ok: checks.every(({ outcome }) => outcome !== 'failed'),
  }
}

function reported({ name, flag, env, secret }: Setting, { config, originOf }: ProcessSettings): ReportedSetting {
  const value = config[name]
  return { name, ...(value !== undefined && { value: secret ? '(set)' : value }), origin: originOf(name), flag, env }
}

function checkFile({ file }: ProcessSettings): readonly Check[] {
  if (file === undefined || !file.readableByOthers || !file.values.has('token')) return []
  return [
    {
      name: 'settings file',
      outcome: 'warning',
      message: `${file.path} holds a token, and others on this machine may read it`,
      fix: `chmod 600 ${file.path}`,
    },
  ]
}
