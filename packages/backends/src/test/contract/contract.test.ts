// The suite itself: that it is as large as promised, and that what it excepts is told to users with its reason.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contract } from './behaves-as-backend.js'
import { differences } from './differences.js'

const titles = contract.flatMap(({ subject, cases }) => cases.map(({ title }) => `${subject} ${title}`))
const reference = readFileSync(join(import.meta.dirname, '../../../../../docs/reference/backends.md'), 'utf8')

describe('the contract suite', () => {
  it('has at least 300 cases, no two of one name', () => {
    expect(titles.length).toBeGreaterThanOrEqual(300)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('excepts only cases that there are', () => {
    expect(differences.flatMap(({ cases }) => cases).filter((title) => !titles.includes(title))).toEqual([])
  })

  it('leaves nearly all to hold for every backend', () => {
    for (const backend of ['platform', 'session', 'iam', 'local']) {
      const excepted = differences.filter((one) => one.backend === backend).flatMap(({ cases }) => cases)
      expect(excepted.length).toBeLessThanOrEqual(titles.length / 20)
    }
  })

  it.each(differences)('has its difference of $backend in docs/reference/backends.md: $reason', ({
    backend,
    reason,
  }) => {
    const section = reference.split(/^## /m).find((text) => text.startsWith(`${backend}\n`))
    expect(section?.match(/^### .*$/gm)).toContain(`### ${reason}`)
  })

  it('is told in docs/reference/backends.md without anything that is no difference any more', () => {
    const told = [...reference.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
    expect(told.toSorted()).toEqual([...new Set(differences.map(({ reason }) => reason))].toSorted())
  })
})
