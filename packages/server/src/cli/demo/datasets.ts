// The real public data of the demo: files of the npm package vega-datasets, with what its datapackage.json says of each.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'

const link = z.object({ title: z.string().optional(), name: z.string().optional(), path: z.string().optional() })
const dataPackage = z.object({
  version: z.string(),
  resources: z.array(
    z.object({
      path: z.string(),
      description: z.string().optional(),
      sources: z.array(link).optional(),
      licenses: z.array(link).optional(),
    }),
  ),
})

/** What is known of one data set. */
interface DatasetFacts {
  readonly fileName: string
  readonly description: string
  /** Titles of the original sources. */
  readonly sources: readonly string[]
  readonly licenses: readonly string[]
}

export interface Datasets {
  /** Version of vega-datasets. */
  readonly version: string
  facts(fileName: string): DatasetFacts
  bytes(fileName: string): Promise<Uint8Array>
}

/** Opens the data sets that npm installed beside this command.
 * @throws {QuiltError} `unsupported` when the package is not installed */
export async function openDatasets(): Promise<Datasets> {
  const root = installedAt()
  const description = dataPackage.parse(JSON.parse(await readFile(new URL('datapackage.json', root), 'utf8')))
  const byPath = new Map(description.resources.map((resource) => [resource.path, resource]))
  return {
    version: description.version,
    facts(fileName) {
      const resource = byPath.get(fileName)
      if (!resource) throw new QuiltError('not_found', `vega-datasets ${description.version} has no ${fileName}`)
      const titles = (links: z.infer<typeof link>[] = []) =>
        links.flatMap(({ title, name, path }) => title ?? name ?? path ?? [])
      return {
        fileName,
        description: (resource.description ?? '').replace(/\s+/g, ' ').trim(),
        sources: titles(resource.sources),
        licenses: titles(resource.licenses),
      }
    },
    bytes: (fileName) => readFile(fileURLToPath(new URL(`data/${fileName}`, root))),
  }
}

function installedAt(): URL {
  try {
    return new URL('..', import.meta.resolve('vega-datasets'))
  } catch (cause) {
    throw new QuiltError('unsupported', 'the sample data of the demo is not installed', {
      hint: 'Run `npm install vega-datasets@3.2.1` beside quilt-mcp.',
      cause,
    })
  }
}
