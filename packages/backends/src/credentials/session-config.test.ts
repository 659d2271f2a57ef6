import { describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { userHome } from '../test/user-home.js'
import { readQuilt3Config, writeQuilt3Config } from './session-config.js'

const stack = {
  catalogUrl: 'https://catalog.example.com',
  registryUrl: 'https://registry.example.com',
  config: {
    registryUrl: 'https://registry.example.com',
    region: 'eu-west-1',
    s3Proxy: 'https://proxy.example.com',
    apiGatewayEndpoint: 'https://api.example.com/prod',
  },
}

describe('config.yml', () => {
  it('is what quilt3 8.0.0 writes for `quilt3 config <catalog>`', async () => {
    const home = userHome()
    expect(await writeQuilt3Config(home.folder, stack)).toBe(true)
    expect(home.text('config.yml')).toBe(
      [
        'apiGatewayEndpoint: https://api.example.com/prod',
        'binaryApiGatewayEndpoint: null',
        'default_install_location: null',
        `default_local_registry: file://${home.folder}/packages`,
        'default_registry_version: 1',
        'default_remote_registry: null',
        'navigator_url: https://catalog.example.com',
        'region: eu-west-1',
        'registryUrl: https://registry.example.com',
        's3Proxy: https://proxy.example.com',
        'telemetry_disabled: false',
        '',
      ].join('\n'),
    )
    expect(home.files()).toEqual(['config.yml'])
    expect(await readQuilt3Config(home.folder)).toEqual({
      registryUrl: 'https://registry.example.com',
      catalogUrl: 'https://catalog.example.com',
      region: 'eu-west-1',
      defaultLocalRegistry: `file://${home.folder}/packages`,
      layoutVersion: 1,
    })
  })

  it('keeps what concerns no stack, and the file as it was beside it', async () => {
    const home = userHome()
    const before = [
      '# mine',
      'navigator_url: https://old.example.com',
      'registryUrl: https://old-registry.example.com',
      'binaryApiGatewayEndpoint: https://old.example.com/binary',
      'default_local_registry: "file:///data/my packages"',
      'default_remote_registry: s3://mine',
      'telemetry_disabled: yes',
      'of_another_program: 1',
      '',
    ].join('\n')
    home.put('config.yml', before)
    await writeQuilt3Config(home.folder, stack)
    const text = home.text('config.yml')
    expect(text).toContain('\nbinaryApiGatewayEndpoint: null\n')
    expect(text).toContain('\ndefault_local_registry: "file:///data/my packages"\n')
    expect(text).toContain('\ndefault_remote_registry: s3://mine\n')
    expect(text).toContain('\nregistryUrl: https://registry.example.com\n')
    expect(text).toMatch(/\ntelemetry_disabled: true\n$/)
    expect(text).not.toContain('another')
    const [, backup = ''] = home.files()
    expect(backup).toMatch(/^config\.yml\.backup\.\d{8}T\d{6}\.\d{6}Z$/)
    expect(home.text(backup)).toBe(before)
  })

  it('is left alone when it says so already', async () => {
    const home = userHome()
    await writeQuilt3Config(home.folder, stack)
    expect(await writeQuilt3Config(home.folder, stack)).toBe(false)
    expect(home.files()).toEqual(['config.yml'])
  })

  it('that is damaged is written anew, and kept beside', async () => {
    const home = userHome()
    home.put('config.yml', 'registryUrl: [')
    expect((await refusalOf(readQuilt3Config(home.folder))).code).toBe('invalid_input')
    await writeQuilt3Config(home.folder, stack)
    expect(await readQuilt3Config(home.folder)).toMatchObject({ registryUrl: stack.registryUrl })
    expect(home.text(home.files()[1] ?? '')).toBe('registryUrl: [')
  })

  it.each(['', '# nothing\n', 'navigator_url:\nregistryUrl: 5\n'])('that says %j sets nothing', async (content) => {
    const home = userHome()
    home.put('config.yml', content)
    expect(await readQuilt3Config(home.folder)).toEqual({})
  })

  it('need not be there', async () => {
    expect(await readQuilt3Config(userHome().folder)).toEqual({})
  })
})
