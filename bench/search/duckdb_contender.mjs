// DuckDB over the same manifests, in a process of its own: counts what each condition finds, reading them anew each time.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [modules, folder, conditions] = process.argv.slice(2)
const { DuckDBInstance } = createRequire(join(modules, 'package.json'))('@duckdb/node-api')
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const lines = `read_json('${folder}/.quilt/packages/*', format = 'newline_delimited', columns = {logical_key: 'VARCHAR', size: 'BIGINT', meta: 'JSON'})`
const answers = []
for (const condition of JSON.parse(conditions)) {
  const from = performance.now()
  const found = await connection.runAndReadAll(
    `select count(*) from ${lines} where logical_key is not null and (${condition})`,
  )
  answers.push({ total: Number(found.getRows()[0][0]), ms: [performance.now() - from] })
}
console.log(JSON.stringify({ answers, peakMb: process.resourceUsage().maxRSS / 1_024 }))
