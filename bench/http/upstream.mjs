// How many requests a call costs the registry and S3: counted at a low rate, by proxies that would be in the way of a load.
import { countingProxy } from '../backends/counting-proxy.mjs'
import { requestOf, rightAnswer } from './cases.mjs'
import { startServers, stopServers } from './servers.mjs'

const calls = 20

/** @param world as for the servers, `token` beside
 * @param asked what to ask whom: server, question, era
 * @returns for each of `asked`: requests of the `first` call, and of those `after` it on average */
export async function countUpstream(world, asked) {
  const proxies = [await countingProxy(world.registryUrl), await countingProxy(world.s3Endpoint)]
  const taken = () => proxies.reduce((sum, proxy) => sum + proxy.taken(), 0)
  const [registryUrl, s3Endpoint] = proxies.map(({ url }) => url)
  const names = [...new Set(asked.map(({ server }) => server))]
  const running = await startServers({ ...world, registryUrl, s3Endpoint }, names)
  try {
    const counted = new Map()
    for (const one of asked) {
      const { server, question, era } = one
      const request = requestOf(question, { era, token: world.token })
      const ask = () => rightAnswer(running[server].url, request, question.right)
      taken()
      await ask()
      const first = taken()
      for (let call = 0; call < calls; call++) await ask()
      counted.set(one, { first, after: taken() / calls })
    }
    return counted
  } finally {
    await stopServers(running)
    for (const proxy of proxies) proxy.stop()
  }
}
