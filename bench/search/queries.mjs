// What is asked: forty searches as people make them. Where `peers` is given, a scan of the manifests can say how many lines it finds: by a
// regular expression over the line, and by a condition in SQL.

const key = '"logical_key": "[^"]*'

/** `scope` entries where it is not said. Each is asked for its first 20 hits and its total. */
export const queries = [
  {
    text: 'sample_00012345',
    peers: { lines: `${key}sample_00012345[_.]`, sql: "logical_key like '%sample#_00012345#_%' escape '#'" },
  },
  { text: 'brca1', peers: { lines: `${key}_BRCA1_`, sql: "contains(logical_key, '_BRCA1_')" } },
  {
    text: 'brca1 liver',
    peers: {
      lines: '"logical_key": "tables/liver/expression_BRCA1_',
      sql: "starts_with(logical_key, 'tables/liver/expression_BRCA1_')",
    },
  },
  { text: 'fastq', peers: { lines: `${key}\\.fastq\\.gz"`, sql: "ends_with(logical_key, '.fastq.gz')" } },
  { text: 'fastq NOT r2', peers: { lines: `${key}_R1\\.fastq\\.gz"`, sql: "ends_with(logical_key, '_R1.fastq.gz')" } },
  {
    text: 'dapi OR gfp',
    peers: { lines: `${key}channel-(dapi|gfp)_`, sql: "regexp_matches(logical_key, 'channel-(dapi|gfp)_')" },
  },
  { text: '"well h07"', peers: { lines: `${key}/well_H07/`, sql: "contains(logical_key, '/well_H07/')" } },
  { text: 'ext:csv', peers: { lines: `${key}\\.csv"`, sql: "ends_with(logical_key, '.csv')" } },
  {
    text: 'ext:(csv OR json)',
    peers: { lines: `${key}\\.(csv|json)"`, sql: "regexp_matches(logical_key, '\\.(csv|json)$')" },
  },
  {
    text: 'key:raw/plate_06/*',
    peers: { lines: '"logical_key": "raw/plate_06/', sql: "starts_with(logical_key, 'raw/plate_06/')" },
  },
  { text: 'key:*BRCA1*', peers: { lines: `${key}BRCA1`, sql: "contains(logical_key, 'BRCA1')" } },
  { text: 'key:*cherry*', peers: { lines: `${key}cherry`, sql: "contains(logical_key, 'cherry')" } },
  { text: 'key:*/run_0?9/*', peers: { lines: `${key}/run_0.9/`, sql: "regexp_matches(logical_key, '/run_0.9/')" } },
  { text: 'peak*', peers: { lines: `${key}/peaks_`, sql: "contains(logical_key, '/peaks_')" } },
  { text: 'size:>=1MB', peers: { lines: '"size": 1[0-9]{6},', sql: 'size >= 1000000' } },
  {
    text: 'ext:tif size:<2KB',
    peers: { lines: `\\.tif".*"size": (1[0-9]{3}),`, sql: "ends_with(logical_key, '.tif') and size < 2000" },
  },
  {
    text: 'meta.sample:S12340',
    peers: { lines: '"sample": "S12340"', sql: "meta->'user_meta'->>'sample' = 'S12340'" },
  },
  {
    text: 'meta.tissue:retina',
    peers: { lines: '"meta": .*"tissue": "retina"', sql: "meta->'user_meta'->>'tissue' = 'retina'" },
  },
  {
    text: 'meta.depth:[90 TO 95]',
    peers: { lines: '"depth": 9[0-4]\\.5', sql: "(meta->'user_meta'->>'depth')::double between 90 and 95" },
  },
  {
    text: 'report ext:json',
    peers: { lines: `${key}/report_[0-9]+\\.json"`, sql: "regexp_matches(logical_key, '/report_[0-9]+\\.json$')" },
  },
  { text: '*' },
  { text: 'fastq', order: { by: 'size', direction: 'desc' } },
  { text: '*', order: { by: 'size', direction: 'desc' } },
  { text: 'ext:csv', order: { by: 'name', direction: 'asc' } },
  { text: 'expression modified:>2018' },
  { text: 'name:atlas/* ext:csv' },
  { text: '*', facets: [{ field: 'ext' }] },
  { text: 'kras', facets: [{ field: 'ext' }, { field: 'size' }] },
  { text: 'rna', scope: 'packages' },
  { text: 'import donor', scope: 'packages' },
  { text: 'name:atlas/*', scope: 'packages' },
  { text: 'brca1', scope: 'packages' },
  { text: 'sample_00012345', scope: 'packages' },
  { text: 'meta./experiment/type:rna-seq', scope: 'packages' },
  { text: 'meta.experiment.replicate:>=5 tissue', scope: 'packages' },
  { text: 'meta.experiment.date:2020', scope: 'packages' },
  { text: 'modified:[2018 TO 2019]', scope: 'packages', order: { by: 'modified', direction: 'desc' } },
  { text: 'liver NOT imaging', scope: 'packages' },
  { text: '*', scope: 'packages', facets: [{ field: 'meta' }, { field: 'modified' }] },
  {
    text: 'proteomics',
    scope: 'packages',
    facets: [
      { field: 'meta', path: '/experiment/replicate' },
      { field: 'meta', path: '/tissue' },
    ],
  },
]
