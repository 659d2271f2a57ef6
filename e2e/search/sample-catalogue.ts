// The catalogue that searches are held against: 5,000 packages with 200,000 files, generated, planted and real; and some loose objects.
import { demoPackages } from './demo-packages.js'
import { laboratory } from './laboratory.js'
import { planted } from './planted.js'
import type { SamplePackage } from './sample-package.js'

const packageCount = 5_000

/** All packages. */
export const samplePackages: readonly SamplePackage[] = [
  ...planted,
  ...demoPackages,
  ...laboratory(packageCount - planted.length - demoPackages.length),
]

/** An object of the bucket that is in no package. */
export interface SampleObject {
  readonly key: string
  readonly text: string
}

/** Objects of the bucket: reports, tables, and names with odd characters. */
export const sampleObjects: readonly SampleObject[] = [
  { key: 'inbox/axolotl report.txt', text: 'Axolotls regrow limbs.' },
  { key: 'inbox/2024/Axolotl_Regeneration.CSV', text: 'day,length\n1,2\n' },
  { key: 'inbox/größe & gewicht (2).csv', text: 'a,b\n' },
  { key: "inbox/it's 100% [done].json", text: '{}' },
  { key: 'inbox/東京/データ.tsv', text: 'x\ty\n' },
  { key: 'inbox/archive.tar.gz', text: 'not really an archive' },
  { key: 'inbox/README', text: 'No extension.' },
  ...Array.from({ length: 300 }, (_, index) => ({
    key: `runs/run_${String(index).padStart(3, '0')}/${['summary.json', 'trace.csv', 'plot.png'][index % 3]}`,
    text: 'x'.repeat(index),
  })),
]
