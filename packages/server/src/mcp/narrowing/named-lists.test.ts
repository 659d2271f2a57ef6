import { describe, expect, it } from 'vitest'
import { allTools } from '../../tools/index.js'
import { knownNames, serverNarrowing } from './named-lists.js'

const known = knownNames(allTools)

describe('the settings of a server', () => {
  it('leave everything where they say nothing: an empty list was not set', () => {
    expect(serverNarrowing({ readOnly: false }, known)).toEqual({ readOnly: false })
    expect(serverNarrowing({ readOnly: true, toolsets: [], tools: [] }, known)).toEqual({ readOnly: true })
  })

  it('name toolsets, and tools by any of their names', () => {
    expect(
      serverNarrowing({ readOnly: false, toolsets: ['packages'], tools: ['package_patch', 'browse_package'] }, known),
    ).toEqual({
      readOnly: false,
      toolsets: new Set(['packages']),
      tools: new Set(['package_update', 'package_browse']),
    })
  })

  it('are refused with what there is, where they name what there is not', () => {
    expect(() => serverNarrowing({ readOnly: false, toolsets: ['package'] }, known)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: 'the setting toolsets names "package", which is no toolset',
        hint: expect.stringMatching(/^Toolsets: .*catalog.*objects.*packages/),
      }),
    )
    expect(() => serverNarrowing({ readOnly: false, tools: ['package_brouse'] }, known)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: 'the setting tools names "package_brouse", which is no tool',
        hint: 'Did you mean package_browse?',
      }),
    )
  })
})
