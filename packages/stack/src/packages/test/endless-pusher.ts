// A process that pushes revisions of one package until it is killed. Says a top hash on stdout once its push is done.
import { join } from 'node:path'
import type { Principal } from '../../identity/principal.js'
import { openDatabase } from '../../store/database.js'
import { openDiskStore } from '../../store/disk-store.js'
import { openPackages } from '../registry-packages.js'

const [, , dataDir = '', start = '0'] = process.argv
const store = openDiskStore({ db: openDatabase(join(dataDir, 'stack.db')), dataDir })
store.createBucket('alpha')
const packages = openPackages({ store })
const principal: Principal = {
  userId: 'u',
  userName: 'u',
  email: 'u@example.com',
  isAdmin: false,
  roleName: 'r',
  permissions: new Map([['alpha', 'READ_WRITE']]),
}
await store.put({ bucket: 'alpha', key: 'hello', body: new TextEncoder().encode('hello') })

for (let n = Number(start); ; n += 1) {
  const entries = Array.from({ length: 50 }, (_, index) => ({
    logicalKey: `f/${index}`,
    physicalKey: 's3://alpha/hello',
  }))
  const params = { bucket: 'alpha', name: 'p/q', message: String(n), userMeta: undefined, workflow: null }
  process.stdout.write(`${(await packages.construct(principal, params, entries)).topHash}\n`)
}
