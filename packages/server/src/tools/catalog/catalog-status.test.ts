import { selectBackend } from '@quilt-mcp/backends'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, clientOf, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const searching = 'search packages, their files and objects'

describe('catalog_status', () => {
  it('says who is signed in, in which role, and what that allows', async () => {
    expect(await world.ada.ok('catalog_status')).toMatchObject({
      signed_in: true,
      backend: 'platform',
      user: 'ada',
      email: 'ada@example.com',
      can: expect.arrayContaining(['list, read and upload objects', 'link to objects', searching]),
      cannot: ['run SQL', 'administer'],
    })
    expect(await world.grace.ok('catalog_status')).toMatchObject({ user: 'grace' })
  })

  it('says so when the backend cannot search', async () => {
    const { search: _, ...without } = world.ada.backend
    const { can, cannot } = await clientOf(without, 'ada').ok('catalog_status')
    expect(can).not.toContain(searching)
    expect(cannot).toEqual(['search', 'run SQL', 'administer'])
  })

  it('says what was tried, and how to sign in, when nobody is signed in', async () => {
    const nobody = clientOf(await selectBackend({}), 'nobody')
    const status = await nobody.ok('catalog_status')
    expect(status).toMatchObject({ signed_in: false, backend: 'unauthenticated', can: [] })
    expect(status.fix).toMatch(/QUILT_/)
    expect(status.why).not.toEqual([])
  })

  it('says what the public may do, when buckets are named and there are no AWS credentials', async () => {
    const surroundings = { env: { AWS_EC2_METADATA_DISABLED: 'true' }, homeDir: '/nowhere', platform: 'linux' as const }
    const reader = clientOf(await selectBackend({ surroundings, registries: ['open-data'] }), 'nobody')
    expect(await reader.ok('catalog_status')).toMatchObject({
      signed_in: false,
      backend: 'iam',
      can: ['list and read what the public may read in the buckets that are named'],
      fix: expect.stringContaining('AWS_PROFILE'),
    })
  })
})
