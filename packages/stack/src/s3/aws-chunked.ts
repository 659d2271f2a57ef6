// Takes `aws-chunked` bodies apart: chunks with or without signatures, and the trailing headers after them.
import { createHash } from 'node:crypto'
import { S3Error } from './errors.js'
import { equalInConstantTime, hmacHex, type SigningContext, sha256Hex } from './sigv4.js'

const emptyHash = sha256Hex('')
const longestLineBytes = 16 * 1024

export interface ChunkedOptions {
  /** Present: each chunk, and the trailer, carries a signature that continues this one. */
  readonly signing?: SigningContext
  /** Told each trailing header: name in lower case, and value. */
  readonly onTrailer: (name: string, value: string) => void
}

/** The bytes of an aws-chunked body.
 * @throws {S3Error} `IncompleteBody`, `SignatureDoesNotMatch`, `MalformedTrailerError` */
export async function* decodeChunked(
  body: AsyncIterable<Uint8Array>,
  { signing, onTrailer }: ChunkedOptions,
): AsyncIterable<Uint8Array> {
  const source = new ByteSource(body)
  let previous = signing?.signature ?? ''
  for (;;) {
    const { size, signature } = chunkHeader(await source.line())
    const hash = signing === undefined ? undefined : createHash('sha256')
    for (let left = size; left > 0; ) {
      const bytes = await source.upTo(left)
      left -= bytes.length
      hash?.update(bytes)
      yield bytes
    }
    if (signing !== undefined && hash !== undefined) {
      const toSign = [
        'AWS4-HMAC-SHA256-PAYLOAD',
        signing.timestamp,
        signing.scope,
        previous,
        emptyHash,
        hash.digest('hex'),
      ]
      previous = checked(hmacHex(signing.signingKey, toSign.join('\n')), signature)
    }
    if (size === 0) break
    if ((await source.line()) !== '') throw incompleteBody()
  }
  await trailer(source, signing, previous, onTrailer)
}

async function trailer(
  source: ByteSource,
  signing: SigningContext | undefined,
  previous: string,
  onTrailer: ChunkedOptions['onTrailer'],
): Promise<void> {
  let signed = ''
  let signature: string | undefined
  for (let line = await source.line(); line !== ''; line = await source.line()) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new S3Error('MalformedTrailerError', 'A trailing header is malformed.')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    if (name === 'x-amz-trailer-signature') {
      signature = value
      continue
    }
    signed += `${name}:${value}\n`
    onTrailer(name, value)
  }
  if (signing === undefined || signed === '') return
  const toSign = ['AWS4-HMAC-SHA256-TRAILER', signing.timestamp, signing.scope, previous, sha256Hex(signed)]
  checked(hmacHex(signing.signingKey, toSign.join('\n')), signature)
}

function checked(expected: string, given: string | undefined): string {
  if (given === undefined || !equalInConstantTime(expected, given))
    throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk or of the trailer does not match.')
  return expected
}

function chunkHeader(line: string): { readonly size: number; readonly signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line)
  if (match === null) throw incompleteBody()
  return { size: Number.parseInt(match[1] ?? '', 16), signature: match[2] }
}

const incompleteBody = (): S3Error =>
  new S3Error('IncompleteBody', 'The request body terminated unexpectedly or is not aws-chunked.')

/** Hands out a body's bytes by line and by count, holding one chunk of it. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#chunks = body[Symbol.asyncIterator]()
  }

  /** At least one byte, at most `count`. */
  async upTo(count: number): Promise<Uint8Array> {
    if (this.#held.length === 0 && !(await this.#more())) throw incompleteBody()
    const taken = this.#held.subarray(0, count)
    this.#held = this.#held.subarray(taken.length)
    return taken
  }

  /** The text up to the next CR LF; at the end of the body: what is left. */
  async line(): Promise<string> {
    for (let searched = 0; ; ) {
      const end = Buffer.from(this.#held.buffer, this.#held.byteOffset, this.#held.length).indexOf('\r\n', searched)
      if (end >= 0) {
        const line = Buffer.from(this.#held.subarray(0, end)).toString('latin1')
        this.#held = this.#held.subarray(end + 2)
        return line
      }
      if (this.#held.length > longestLineBytes) throw incompleteBody()
      searched = Math.max(this.#held.length - 1, 0)
      const before = this.#held
      if (!(await this.#more())) {
        if (before.length > 0) throw incompleteBody()
        return ''
      }
    }
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      if (next.value.length === 0) continue
      this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value])
      return true
    }
  }
}
