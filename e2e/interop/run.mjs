// npm run test:interop: quilt3 against our core on local registries; then quilt3 and boto3, as their users run them,
// against the embedded stack; then quilt3 and quilt-mcp as two writers of one registry, in turn.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo } from '../demo-process.mjs'
import { checkInTurns } from './in-turns.mjs'
import { checkLocalRegistries } from './local-registries/check.mjs'

const requirements = ['quilt3==8.0.0', 'boto3', 'moto[server]==5.2.5']
const environment = join(import.meta.dirname, '.venv')
const python = join(environment, 'bin/python')

function run(command, args, env = process.env) {
  return spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1
}

if (spawnSync('python3', ['--version']).status !== 0) {
  console.log('interop: not run, there is no python3 on this machine')
  process.exit(process.env.CI ? 1 : 0)
}
if (!existsSync(join(environment, 'bin/quilt3')) || !existsSync(join(environment, 'bin/moto_server'))) {
  if (run('python3', ['-m', 'venv', environment]) !== 0) process.exit(1)
  if (run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements]) !== 0)
    process.exit(1)
}

const failedLocally = await checkLocalRegistries(python)

const demo = await startDemo()
const home = mkdtempSync(join(tmpdir(), 'quilt3-home-'))
try {
  process.exitCode = run(python, [join(import.meta.dirname, 'quilt3_and_boto3.py')], {
    PATH: process.env.PATH,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    QUILT_DISABLE_USAGE_METRICS: 'true',
    QUILT_MINIMIZE_STDOUT: 'true',
    AWS_ENDPOINT_URL_S3: demo.s3Endpoint,
    AWS_ENDPOINT_URL_STS: demo.s3Endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    DEMO: JSON.stringify(demo),
  })
  const failedInTurns = await checkInTurns(python, demo)
  if (failedLocally + failedInTurns > 0) process.exitCode = 1
} finally {
  await demo.stop()
  rmSync(home, { recursive: true, force: true })
}
