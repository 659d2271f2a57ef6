// A machine as far as the AWS SDK sees it: a home folder with AWS settings, and variables. It ends with the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AwsPlace } from '../credentials/aws-profiles.js'

/** @param files by their path below `.aws`
 * @param variables set beside `HOME`; all other variables of AWS are gone */
export function awsMachine(
  files: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): AwsPlace {
  const homeDir = mkdtempSync(join(tmpdir(), 'quilt-aws-'))
  for (const [path, text] of Object.entries(files)) {
    const full = join(homeDir, '.aws', path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
  }
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_JS_)/.test(name)) delete process.env[name]
  Object.assign(process.env, { HOME: homeDir, AWS_EC2_METADATA_DISABLED: 'true', ...variables })
  const env = { ...process.env }
  onTestFinished(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    rmSync(homeDir, { recursive: true })
  })
  return { env, homeDir }
}
