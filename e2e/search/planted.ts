// Packages that single queries look for: words, paths and keys that nothing else in the catalogue has.
import type { SamplePackage } from './sample-package.js'

const at = (iso: string): number => Date.parse(iso) / 1_000

export const planted: readonly SamplePackage[] = [
  {
    name: 'planted/brain-atlas',
    revisions: [
      {
        seconds: at('2024-02-01T08:00:00Z'),
        comment: 'Hippocampus only',
        entries: [{ key: 'regions/hippocampus.nii.gz', size: 9_000 }],
      },
      {
        seconds: at('2024-05-17T10:30:00Z'),
        comment: 'Whole brain atlas of the axolotl',
        meta: {
          species: 'Ambystoma mexicanum',
          regions: 42,
          released: true,
          on: '2024-05-17',
          by: { name: 'Ada', lab: 'L-7' },
        },
        workflow: 'atlas-strict',
        entries: [
          { key: 'regions/cerebellum.nii.gz', size: 4_000_000_000, meta: { hemisphere: 'left', voxels: 1_234_567 } },
          {
            key: 'regions/telencephalon.nii.gz',
            size: 6_000_000_000,
            meta: { hemisphere: 'right', voxels: 7_654_321 },
          },
          { key: 'README.md', size: 1_111 },
        ],
      },
    ],
  },
  {
    name: 'planted/foo_bar-2',
    revisions: [
      {
        seconds: at('2023-12-31T23:59:59Z'),
        comment: 'AND OR NOT; "quoted" (brackets) [square] 100% a:b c/d \\ end',
        meta: {
          'key with blanks': 'value with blanks',
          gene: 'BRCA1/BRCA2',
          tags: ['axolotl', 'two words'],
          ratio: -0.5,
          zero: 0,
        },
        entries: [
          { key: 'weird (1)/[x] {y} "z".json', size: 0 },
          { key: "weird (1)/'; drop table entry; --.csv", size: 17 },
          { key: 'weird (1)/50%_off*?.zyx', size: 1 },
        ],
      },
    ],
  },
  {
    name: 'planted/zebrafish',
    revisions: [
      {
        seconds: at('2024-01-01T00:00:00Z'),
        comment: null,
        meta: {
          protocol: `${'Embryos are fixed, cleared and imaged. '.repeat(8)}Use thapsigargin at the end.`,
          flag: 'axolotl',
        },
        entries: [
          { key: 'axolotl/compare.zyx', size: 123_456_789 },
          { key: 'notes/axolotl.txt', size: 12 },
        ],
      },
    ],
  },
  {
    name: 'planted/empty',
    revisions: [{ seconds: at('2021-06-01T00:00:00Z'), comment: 'nothing in it', meta: {}, entries: [] }],
  },
]
