import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { isJsonArray, isJsonObject, type Json } from '../json/value.js'
import { checkWorkflow, type LoadedSchema, workflowRecord } from './check.js'
import { chooseWorkflow } from './choose.js'
import { parseWorkflowConfig } from './config.js'

const outcomes = parseJson(readFileSync(new URL('fixtures/quilt3-outcomes.json', import.meta.url), 'utf8'))
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The record of a push that passes, null of one that is refused. */
async function outcome(push: ReadonlyMap<string, Json>): Promise<Json> {
  const asked = push.get('workflow')
  const metadata = push.get('metadata')
  const texts = push.get('schemas')
  const schemas = new Map<string, LoadedSchema>(
    Array.from(isJsonObject(texts) ? texts : [], ([id, text]) => [
      id,
      { text: textOf(text), url: `file:///tmp/wf/${id}.json` },
    ]),
  )
  try {
    const config = await parseWorkflowConfig(textOf(push.get('config')), { url: 'file:///tmp/wf/config.yml' })
    const choice = chooseWorkflow(config, asked === '...' ? undefined : asked === null ? null : textOf(asked))
    if (choice === undefined) return null
    const subject = {
      name: textOf(push.get('name')),
      message: textOf(push.get('message')),
      userMeta: metadata === undefined ? undefined : parseJson(textOf(metadata)),
      entries: [],
    }
    const failures = await checkWorkflow(choice, subject, schemas)
    return failures.length === 0 ? workflowRecord(choice, schemas) : null
  } catch (error) {
    expect(error).toMatchObject({ name: 'QuiltError', hint: expect.stringMatching(/./) })
    return null
  }
}

it('passes and refuses what quilt3 passes and refuses, with the same record', async () => {
  const pushes = isJsonArray(outcomes) ? outcomes.filter(isJsonObject) : []
  expect(pushes).toHaveLength(103)
  for (const push of pushes) {
    expect(await outcome(push), JSON.stringify([...push])).toEqual(push.get('quilt3'))
  }
})
