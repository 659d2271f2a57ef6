import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endingsOfKind } from './file-kinds.js'
import { templates } from './metadata-templates.js'

const page = readFileSync(join(import.meta.dirname, '../../../../../../docs/reference/package-from-s3.md'), 'utf8')
const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ') || 'none'

describe('docs/reference/package-from-s3.md', () => {
  it.each(Object.entries(endingsOfKind))('says which endings are %s', (kind, endings) => {
    expect(page).toContain(`| \`${kind}/\` | ${listed(endings)} |`)
  })

  it.each(Object.entries(templates))('says what the template %s holds', (name, { counts, asks }) => {
    expect(page).toContain(`| \`${name}\` | ${listed(Object.keys(counts))} | ${listed(asks)} |`)
  })
})
