// Where packages are written to: the embedded stack, moto, and a folder of this machine.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startDemo } from '../../e2e/demo-process.mjs'
import { makeBucket, motoEnvironment, startMoto } from '../../e2e/moto.mjs'
import { motoPeer, quilt3Peer } from '../peers/install.mjs'

/** What one process of the benchmark is given, and nothing else of this one's environment. @param {string} home */
const environment = (home) => ({
  PATH: process.env.PATH,
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  QUILT_DISABLE_USAGE_METRICS: 'true',
  QUILT_MINIMIZE_STDOUT: 'true',
  QUILT_DISABLE_CACHE: 'true',
})

/** The demo, by the registry and by AWS credentials alone. @param {string} home */
export async function stackPlace(home) {
  const demo = await startDemo()
  const { token, bucket } = demo.users.ada
  const headers = { authorization: `Bearer ${token}` }
  const issued = await (await fetch(`${demo.registryUrl}/api/auth/get_credentials`, { headers })).json()
  return {
    name: 'stack',
    backends: ['platform', 'iam'],
    tasks: ['fromS3', 'upload'],
    upstreams: { registryUrl: demo.registryUrl, s3Endpoint: demo.s3Endpoint },
    env: ({ s3Endpoint }) => ({
      ...environment(home),
      AWS_ACCESS_KEY_ID: issued.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: issued.SecretAccessKey,
      AWS_SESSION_TOKEN: issued.SessionToken,
      AWS_ENDPOINT_URL: s3Endpoint,
    }),
    world: { bucket, token },
    registry: `s3://${bucket}`,
    stop: demo.stop,
  }
}

/** moto, by AWS credentials. @param {string} home */
export async function motoPlace(home) {
  const moto = await startMoto(motoPeer.command)
  const env = ({ s3Endpoint }) => ({ ...environment(home), ...motoEnvironment(s3Endpoint) })
  const bucket = 'bench-write'
  makeBucket(quilt3Peer.command, env({ s3Endpoint: moto.url }), { bucket, versioned: true })
  return {
    name: 'moto',
    backends: ['iam'],
    tasks: ['fromS3', 'upload'],
    upstreams: { s3Endpoint: moto.url },
    env,
    world: { bucket, token: '' },
    registry: `s3://${bucket}`,
    stop: moto.stop,
  }
}

/** A local registry. @param {string} home @param {string} root its folder */
export function localPlace(home, root) {
  mkdirSync(root, { recursive: true })
  return {
    name: 'local registry',
    backends: ['local'],
    tasks: ['inPlace', 'upload'],
    upstreams: {},
    env: () => environment(home),
    world: { bucket: 'local', token: '' },
    registry: pathToFileURL(root).href,
    async stop() {},
  }
}
