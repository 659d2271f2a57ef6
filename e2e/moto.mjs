// moto: an S3 that neither we nor quilt3's makers wrote.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Variables by which AWS tools find it and are let in.
 * @param {string} url */
export const motoEnvironment = (url) => ({
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_ENDPOINT_URL: url,
})

/** Starts it on a free port of this machine.
 * @param {string} command its `moto_server` */
export async function startMoto(command) {
  const child = spawn(command, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  // Read to the end, or it stops when the pipe is full.
  const lines = createInterface({ input: child.stderr })
  const ended = once(child, 'exit')
  const url = new Promise((resolve) => {
    lines.on('line', (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
      if (found) resolve(found)
    })
  })
  const started = await Promise.race([url, ended.then(() => undefined)])
  if (started === undefined) throw new Error('moto ended before it was up')
  return {
    url: started,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Makes a bucket as an administrator of that S3 does.
 * @param {string} python that has boto3 @param {Record<string, string>} env @param {{ bucket: string, versioned: boolean }} made */
export function makeBucket(python, env, { bucket, versioned }) {
  const lines = [
    'import boto3, sys',
    's3 = boto3.client("s3")',
    's3.create_bucket(Bucket=sys.argv[1])',
    's3.put_bucket_versioning(Bucket=sys.argv[1], VersioningConfiguration={"Status": "Enabled"}) if sys.argv[2] == "true" else None',
  ]
  const { status, stderr } = spawnSync(python, ['-c', lines.join('\n'), bucket, String(versioned)], {
    env,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`no bucket ${bucket}: ${stderr}`)
}
