import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Backend } from './backend.js'
import { selectBackend } from './select.js'
import type { SelectOptions } from './selection/way-in.js'
import { signIn, type UserHome, userHome } from './test/user-home.js'

const registryUrl = 'https://registry.example.com'
const catalogUrl = 'https://catalog.example.com'

const stepsOf = ({ trace = [] }: Backend) => trace.map(({ looked, outcome }) => `${looked} ${outcome}`)
const chosenOf = ({ trace = [] }: Backend) => trace.find(({ outcome }) => outcome === 'chosen')?.explanation

/** What a home may hold: each is a way in. */
const have = {
  session: (home: UserHome) => {
    home.put('config.yml', `navigator_url: ${catalogUrl}\nregistryUrl: ${registryUrl}\n`)
    home.put('auth.json', { [registryUrl]: signIn('ada') })
  },
  aws: ({ homeDir }: UserHome) =>
    write(homeDir, '.aws/credentials', '[default]\naws_access_key_id = AKIA1\naws_secret_access_key = secret\n'),
  local: ({ homeDir }: UserHome) => write(homeDir, '.local/share/Quilt/packages/.quilt/named_packages/a/b/latest', 'x'),
} as const

function write(homeDir: string, path: string, text: string): void {
  const full = join(homeDir, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
}

type Way = keyof typeof have
const select = (ways: readonly Way[], options: SelectOptions = {}): Promise<Backend> => {
  const home = userHome()
  for (const way of ways) have[way](home)
  const { homeDir, platform } = home
  // No Amazon firmware is asked on the machine of the test.
  const surroundings = { homeDir, platform, env: { AWS_EC2_METADATA_DISABLED: 'true' } }
  return selectBackend({ surroundings, ...options })
}
const token = { catalogUrl, token: 'qk_secret' }

describe('selectBackend', () => {
  it('chooses the platform when a stack and a token are set, and says why', async () => {
    const backend = await select(['session', 'aws', 'local'], token)
    expect(backend.name).toBe('platform')
    expect(stepsOf(backend)).toEqual(['QUILT_CATALOG_URL found', 'QUILT_API_KEY found', 'platform chosen'])
    expect(JSON.stringify(backend.trace)).not.toContain('qk_secret')
  })

  it("takes the stack of quilt3's settings for a token, when none is named", async () => {
    const backend = await select(['session'], { token: 'qk_secret' })
    expect(backend.name).toBe('platform')
    expect(stepsOf(backend)).toEqual(['config.yml of quilt3 found', 'QUILT_API_KEY found', 'platform chosen'])
  })

  it('chooses the Quilt session before AWS credentials', async () => {
    const backend = await select(['session', 'aws', 'local'])
    expect(backend).toMatchObject({ name: 'session', catalogUrl })
    expect(stepsOf(backend)).toEqual([
      'QUILT_CATALOG_URL, QUILT_REGISTRY_URL missing',
      'QUILT_API_KEY missing',
      'Quilt session found',
      'session chosen',
    ])
  })

  it('leaves the session out when it is told to', async () => {
    const backend = await select(['session', 'aws', 'local'], { useSession: false })
    expect(backend.name).toBe('iam')
    expect(stepsOf(backend)).toContain('QUILT_DISABLE_QUILT3_SESSION missing')
    expect(chosenOf(backend)).toBe('There are AWS credentials.')
  })

  it('does not take a sign-in to another registry than the one that is named', async () => {
    const backend = await select(['session'], { registryUrl: 'https://other.example.com' })
    expect(backend.name).toBe('unauthenticated')
    expect(backend.trace?.find(({ looked }) => looked === 'Quilt session')?.explanation).toMatch(
      /^Nobody is signed in to https:\/\/other\.example\.com, only to https:\/\/registry\.example\.com: run quilt-mcp login/,
    )
  })

  it('reads named buckets as the public may, when there are no AWS credentials', async () => {
    const backend = await select([], { registries: ['s3://open-data', 'lab-a'] })
    expect(backend.name).toBe('iam')
    expect(stepsOf(backend)).toContain('AWS credentials missing')
    expect((await backend.buckets.list()).items).toEqual([{ name: 'open-data' }, { name: 'lab-a' }])
  })

  it('chooses the local registry of quilt3 when there is nothing else', async () => {
    const backend = await select(['local'])
    expect(backend.name).toBe('local')
    expect(stepsOf(backend)).toEqual([
      'QUILT_CATALOG_URL, QUILT_REGISTRY_URL missing',
      'QUILT_API_KEY missing',
      'Quilt session missing',
      'AWS credentials missing',
      'QUILT_LOCAL_REGISTRY found',
      'local chosen',
    ])
    expect((await backend.buckets.list()).items).toMatchObject([{ name: 'local' }])
  })

  it('takes the local registries that are named, and more than one', async () => {
    const { homeDir } = userHome()
    const registries = [`file://${homeDir}/one`, `file://${homeDir}/two`]
    const backend = await select(['local'], { registries })
    expect((await backend.buckets.list()).items).toMatchObject([{ name: 'local' }, { name: 'two' }])
    const named = await select([], { localRegistry: join(homeDir, 'three') })
    expect((await named.buckets.list()).items).toMatchObject([
      { description: expect.stringContaining(join(homeDir, 'three')) },
    ])
  })

  it('prefers AWS credentials to a local registry that is named, and says how to take that', async () => {
    const backend = await select(['aws'], { localRegistry: '/data/registry' })
    expect(backend.name).toBe('iam')
    expect(backend.trace).toContainEqual({
      looked: 'QUILT_LOCAL_REGISTRY',
      outcome: 'found',
      explanation: 'A local registry is named, too: --backend local (QUILT_BACKEND=local) takes it.',
    })
  })

  it('makes the local registry of quilt3 at the first write, when it is asked for', async () => {
    expect((await select([], { backend: 'local' })).name).toBe('local')
    expect((await select([])).name).toBe('unauthenticated')
  })

  it('says of each way what is missing, one fix a line', async () => {
    const { hint } = await select([])
      .then((backend) => backend.identity())
      .then(
        () => ({ hint: '' }),
        (error: { hint: string }) => error,
      )
    expect(hint.split('\n').map((line) => line.replace(/: .*/, ''))).toEqual([
      'QUILT_CATALOG_URL, QUILT_REGISTRY_URL',
      'QUILT_API_KEY',
      'Quilt session',
      'AWS credentials',
      'QUILT_LOCAL_REGISTRY',
    ])
  })

  it('does not pass over a profile that does not exist', async () => {
    const backend = await select(['aws'], { registries: ['lab-a'], awsProfile: 'defualt', backend: 'iam' })
    expect(backend.name).toBe('unauthenticated')
    await expect(backend.buckets.list()).rejects.toMatchObject({
      hint: expect.stringContaining('There is no AWS profile defualt. There are: default.'),
    })
  })

  it.each([
    ['platform', ['session', 'aws'], token],
    ['session', ['session', 'aws'], token],
    ['session', ['session', 'aws'], {}],
    ['iam', ['session', 'aws'], token],
    ['local', ['session', 'aws', 'local'], token],
  ] as const)('takes the %s backend alone when it is asked for', async (name, ways, options) => {
    const backend = await select(ways, { ...options, backend: name })
    expect(backend.name).toBe(name)
    expect(stepsOf(backend)[0]).toBe('QUILT_BACKEND found')
    expect(stepsOf(backend).at(-1)).toBe(`${name} chosen`)
  })

  it.each([
    ['platform', /QUILT_CATALOG_URL.*QUILT_API_KEY: /s],
    ['session', /^Quilt session: Nobody is signed in/],
    ['iam', /^AWS credentials: Set AWS_PROFILE/],
  ] as const)('says what the %s backend lacks, and takes no other, when it is asked for', async (name, hint) => {
    const ways: Way[] = name === 'iam' ? ['session'] : name === 'session' ? ['aws'] : ['session', 'aws']
    const backend = await select(ways, { backend: name })
    expect(backend.name).toBe('unauthenticated')
    await expect(backend.identity()).rejects.toMatchObject({
      code: 'unauthenticated',
      hint: expect.stringMatching(hint),
    })
  })

  it('looks at nothing of the machine unless it is told where', async () => {
    const backend = await selectBackend({})
    expect(stepsOf(backend)).toEqual(['QUILT_CATALOG_URL, QUILT_REGISTRY_URL missing', 'QUILT_API_KEY missing'])
  })

  it.each([
    [{}, /QUILT_CATALOG_URL.*QUILT_API_KEY/s],
    [{ registryUrl: 'https://registry.example.com' }, /QUILT_API_KEY/],
    [{ token: 'qk_x', registryUrl: '' }, /QUILT_REGISTRY_URL/],
  ])('with %j alone every call says what to set', async (options, hint) => {
    const backend = await select([], options)
    expect(backend.name).toBe('unauthenticated')
    const refusal = { code: 'unauthenticated', hint: expect.stringMatching(hint) }
    await expect(backend.identity()).rejects.toMatchObject(refusal)
    await expect(backend.buckets.list()).rejects.toMatchObject(refusal)
    await expect(backend.objects.info({ bucket: 'b', key: 'k' })).rejects.toMatchObject(refusal)
    await expect(backend.packages.resolve({ bucket: 'b', name: 'a/b' })).rejects.toMatchObject(refusal)
    await backend.close()
  })

  it.each([
    'catalog.example.com',
    'ftp://catalog.example.com',
    'https://me@catalog.example.com',
    'https://catalog.example.com/?x',
  ])('refuses the URL %s', async (url) => {
    await expect(selectBackend({ catalogUrl: url, token: 'qk_x' })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
