import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeCanonicalJson } from '../json/encode.js'
import { collected, inChunks } from '../test/byte-sources.js'
import type { DirectoryMeta, Entry } from './entry.js'
import { openManifest } from './read.js'
import { topHashOf } from './top-hash.js'
import { writeManifest } from './write.js'

/** File, its length in bytes, its SHA-256, its top hash (formats.md 3.6 and 3.7; the files' README says where they come from). */
const vectors = [
  {
    name: 'v1-empty',
    bytes: 35,
    fileSha256: 'b0abb42b7cb6f2bf4ea1ef37aa13f68f10cced8a071ba257d23a065720cf43a7',
    topHash: '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b',
  },
  {
    name: 'v1b-version-only',
    bytes: 18,
    fileSha256: '9afa21a3dbb5b647e2ddb732fd85b4ad25ad8500770f29505b8159a57f1d66ac',
    topHash: '7a67ff45a4a4c4814ea89d82bb9fb6fbf06caebc79d6507121b549213c747537',
  },
  {
    name: 'v1c-user-meta-null',
    bytes: 54,
    fileSha256: '7c08bd78d1a7522fcdffb3a96cd6bd1f0e7242326198a525ff2833ad1b07b0b5',
    topHash: 'fb53faf10edc3c9cc234f362c1a57d702213e869a20b887d9f6ed5439c936513',
  },
  {
    name: 'v1d-empty-message',
    bytes: 50,
    fileSha256: '949d89b57b871975e67fa91132d664b28c76a3573810fcbfe5249c5a68585f93',
    topHash: '0929824c58e90a6d2cc3ad2c7bdc66e34f43e8ed7063a6b48595a3834dd3ec99',
  },
  {
    name: 'v2-one-entry',
    bytes: 238,
    fileSha256: '59a77ca9f1af0f6ceaa0a58a64f4fa8607fb3f7095088264675a52b6d151591a',
    topHash: '5d4509b4cd23c586510be1f858f2c1a4e13f86159b79b4c83970bac5c7f65134',
  },
  {
    name: 'v2c-empty-user-meta',
    bytes: 253,
    fileSha256: '18d5d644f0de6a519399e311005bbb6dc4da017ffa048aee552a86d3401e86fe',
    topHash: 'e9734464e6015eaa6fe2944478ee8ea98187e882159a485d9b58259900e68cec',
  },
  {
    name: 'v3-tree-order',
    bytes: 737,
    fileSha256: '546bc2d342a15f5994b2cb9d8581b619d4fa0250389aad76ba5ec6ba8c108f77',
    topHash: '1189c195c82cd2d9f68de702629f839b972ebf1050c6c019d80c3932f26cbd06',
  },
  {
    name: 'v4-unicode',
    bytes: 397,
    fileSha256: '6dcaef92bce14dd9fce770ffde33d9077affb3ff642843d55bbc417a24b8591d',
    topHash: '6fe6bf0a4900e0c405851011148747f708cd83537296eb5512e9f0d05eae0de6',
  },
  {
    name: 'v5-floats',
    bytes: 224,
    fileSha256: '0448379dc36ced4a4c44903224d45fe896f3d0202bd7e2272da190178e55c28a',
    topHash: '316d7c0654a002a4b7fa2f4c839f2a587072fd1d86a5c5831745f66bee3241e4',
  },
  {
    name: 'v5b-integers',
    bytes: 82,
    fileSha256: '861516f6a8a115692f802c479341608b53d67657111d53c94d7a30fa4d740b64',
    topHash: 'ebcc55658aefdbf2b413dcd869991034773654398bfa4e720a56151fbbe6c23b',
  },
  {
    name: 'v6-key-order',
    bytes: 160,
    fileSha256: 'e83a4088b9f1f8eb0c437de67e6d77ed7116ba18d9f438f60470aede5eb3947a',
    topHash: '87785cb8ff85feb3e4d7035eb32a5b6cd1e10108ebd4ebbbe91055e341c122a9',
  },
  {
    name: 'v7-big-integers',
    bytes: 128,
    fileSha256: '825ed1c889da89e2ddce1879d31f95e92f56577d8782d2898ef16b0f7083f637',
    topHash: '9adfff6a34b7a3a5e592b6fd079f993f8c84bbcee3612a0f43e2d5888bf03bf8',
  },
  {
    name: 'v8-workflow',
    bytes: 662,
    fileSha256: '9a5e42f196fc9a26f239ee0c549c978fffb0286fd17e25e7f40ad34a3511e0ca',
    topHash: '76ac3c0e02001fd6d9bba9f9458fffe8e9d4fdc96727fec60fbe921ad6b16f90',
  },
  {
    name: 'v10-legacy-sha256',
    bytes: 221,
    fileSha256: '33b2189e269492c4711d74af0fbc10befa720d7c3a8066d7ebad20c6d89a59e4',
    topHash: '788dab4c7e63d6e89f033d57c61887e5ee19273492d9dd84236c42ec089567f0',
  },
  {
    name: 'golden-workflow-text',
    bytes: 64,
    fileSha256: '3884295799d32f59be1788748412d6eebcd0262e39ef84f8a1c6d5217706b037',
    topHash: 'd181e7fd54b64f7f61a3ec33753b93c748748d36fa1e8e6189d598697648a52f',
  },
]

/** Vectors that are read only: what quilt3 no longer writes, or never wrote in this order. */
const legacy = [
  {
    name: 'v9-legacy-nan',
    bytes: 43,
    fileSha256: '0149f3cec32672c73ebee4faabc87f5274370fea8a368090401083689c03d459',
    topHash: '190e4e90c18922718b6eb458e2962052723c6f977a28734c0e7fb05ba069ab13',
  },
  {
    name: 'legacy-unsorted',
    bytes: 548,
    fileSha256: '00ac783ba0260eec8979a442ff5c62d0fe07366da98ff0076461f4c648a88d82',
    topHash: '5b150f687ad395642665929401002ca38bca1e88d58c27bb011fbd777592fa29',
  },
]

/** What the top hash of the vector's header is computed from, where formats.md spells it out. */
const hashedHeaders = {
  'v1-empty': '{"message":null,"version":"v0"}',
  'v1c-user-meta-null': '{"message":null,"user_meta":null,"version":"v0"}',
  'v1d-empty-message': '{"message":"","user_meta":{},"version":"v0"}',
  'v4-unicode':
    '{"message":"h\\u00e9llo","user_meta":{"ctl":"a\\u007fb\\u2028c/d\\"e\\\\f\\u0001\\t","emoji":"\\ud83d\\ude00","\\u540d\\u524d":"\\u30c7\\u30fc\\u30bf"},"version":"v0"}',
  'v5-floats':
    '{"message":null,"user_meta":{"a":1.0,"b":1e+16,"c":1000000000000000.0,"d":1e-05,"e":0.0001,"f":1e+22,"g":-0.0,"h":0.1,"i":1.5e+300,"j":1.2345678901234568e+17,"k":5e-324,"l":100.0},"version":"v0"}',
  'v6-key-order':
    '{"message":null,"user_meta":{"10":1,"9":2,"B":3,"_":4,"a":[{"x":null,"y":1},true,false],"b":{"z":3,"\\ufb01":1,"\\ud83d\\ude00":2}},"version":"v0"}',
  'v7-big-integers':
    '{"message":null,"user_meta":{"big":12345678901234567890123,"neg":-9007199254740993,"one":1,"s":"1"},"version":"v0"}',
  'v8-workflow':
    '{"message":"m","user_meta":{"x":1},"version":"v0","workflow":{"config":"s3://bkt/.quilt/workflows/config.yml?versionId=c1","id":"alpha","schemas":{"s1":"s3://bkt/s1.json?versionId=s1v"}}}',
  'v9-legacy-nan': '{"user_meta":{"x":NaN},"version":"v0"}',
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url))
}

async function contentOf(bytes: Uint8Array) {
  const { header, lines } = await openManifest(inChunks(bytes, [7]))
  const directories: DirectoryMeta[] = []
  const entries: Entry[] = []
  for await (const batch of lines) {
    directories.push(...batch.directories)
    entries.push(...batch.entries)
  }
  return { header, directories, entries }
}

describe.each([...vectors, ...legacy])('the manifest $name', ({ name, bytes, fileSha256, topHash }) => {
  it('is the file of the reference', () => {
    expect(fixture(name)).toHaveLength(bytes)
    expect(createHash('sha256').update(fixture(name)).digest('hex')).toBe(fileSha256)
  })

  it('has its top hash', async () => {
    const { header, entries } = await contentOf(fixture(name))
    expect(topHashOf(header, entries)).toBe(topHash)
  })
})

it.each(vectors)('$name is written back byte for byte', async ({ name }) => {
  const { header, directories, entries } = await contentOf(fixture(name))
  const written = await collected(writeManifest({ header, directories, entries: [entries] }))
  expect(written.toString()).toBe(fixture(name).toString())
})

it.each(Object.entries(hashedHeaders))('the header of %s is hashed as the reference says', async (name, hashed) => {
  const { header } = await contentOf(fixture(name))
  expect(encodeCanonicalJson(header)).toBe(hashed)
})

it('v3-tree-order is in tree order', async () => {
  const { entries } = await contentOf(fixture('v3-tree-order'))
  expect(entries.map((entry) => entry.logicalKey)).toEqual(['Z', 'data/x', 'data-1/y', 'data.csv'])
})
