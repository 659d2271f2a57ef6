// quilt3 and quilt-mcp as two writers of one registry, in turn: on an S3 that neither of us made (moto), with and without versions, on
// the embedded stack, and on a local registry. Each place is a Python process of its own, because quilt3 looks at its folders once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeBucket, motoEnvironment, startMoto } from '../moto.mjs'

/** AWS variables of a user of the embedded stack. */
async function stackEnvironment({ registryUrl, s3Endpoint, users }) {
  const headers = { authorization: `Bearer ${users.ada.token}` }
  const issued = await (await fetch(`${registryUrl}/api/auth/get_credentials`, { headers })).json()
  return {
    AWS_ACCESS_KEY_ID: issued.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: issued.SecretAccessKey,
    AWS_SESSION_TOKEN: issued.SessionToken,
    AWS_ENDPOINT_URL: s3Endpoint,
  }
}

/** Runs all places and prints what holds.
 * @param {string} python an interpreter that has quilt3, boto3 and moto beside it
 * @param {{ registryUrl: string, s3Endpoint: string, users: Record<string, { token: string, bucket: string }> }} demo
 * @returns {Promise<number>} how many places failed */
export async function checkInTurns(python, demo) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'quilt-in-turns-')))
  const home = (name) => ({
    PATH: process.env.PATH,
    HOME: join(folder, name),
    XDG_DATA_HOME: join(folder, name, 'data'),
    XDG_CACHE_HOME: join(folder, name, 'cache'),
    QUILT_DISABLE_USAGE_METRICS: 'true',
    QUILT_MINIMIZE_STDOUT: 'true',
    PYTHONUNBUFFERED: '1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  const moto = await startMoto(join(python, '../moto_server'))
  try {
    const keys = motoEnvironment(moto.url)
    const places = []
    for (const versioned of [true, false]) {
      const bucket = versioned ? 'turns-versioned' : 'turns-unversioned'
      const env = { ...home(bucket), ...keys }
      makeBucket(python, env, { bucket, versioned })
      const target = `${bucket}-released`
      makeBucket(python, env, { bucket: target, versioned })
      const args = ['--backend', 'iam', '--registry', `s3://${bucket}`, '--registry', `s3://${target}`]
      places.push({
        env,
        title: `moto, ${versioned ? 'versioned' : 'no versions'}`,
        registry: `s3://${bucket}`,
        bucket,
        args,
        versioned,
        target,
      })
    }
    const { bucket } = demo.users.ada
    const stack = { ...home('stack'), ...(await stackEnvironment(demo)) }
    const stackArgs = ['--backend', 'iam', '--registry', `s3://${bucket}`]
    places.push({
      env: stack,
      title: 'embedded stack',
      registry: `s3://${bucket}`,
      bucket,
      args: stackArgs,
      versioned: true,
    })
    const registry = join(folder, 'registry')
    mkdirSync(registry)
    places.push({
      env: home('local'),
      title: 'local registry',
      registry: pathToFileURL(registry).href,
      bucket: 'local',
      args: ['--backend', 'local', '--local-registry', registry],
      versioned: false,
    })
    let failed = 0
    for (const { env, ...place } of places) {
      const program = join(import.meta.dirname, 'in_turns.py')
      mkdirSync(env.HOME, { recursive: true })
      // Not in one blocking call: this process must go on reading what moto says, or moto stops when its pipe is full.
      const child = spawn(python, [program], { env: { ...env, PLACE: JSON.stringify(place) }, stdio: 'inherit' })
      const [status] = await once(child, 'exit')
      if (status !== 0) failed += 1
    }
    return failed
  } finally {
    await moto.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
