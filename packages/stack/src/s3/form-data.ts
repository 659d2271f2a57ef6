// `multipart/form-data` as it comes: the fields before the file as text, the file as a stream.
import { S3Error } from './errors.js'

export interface Form {
  /** Names in lower case, values as they were sent. */
  readonly fields: ReadonlyMap<string, string>
  /** The bytes of the field `file`. What comes after it is not read. */
  readonly file: AsyncIterable<Uint8Array>
}

/** S3's own bound for all that is not the file. */
const mostFieldBytes = 20_480

/** The boundary of the body, from its content type; undefined when it is no form. */
export function formBoundary(contentType: string | null): string | undefined {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType ?? '')
  return match?.[1] ?? match?.[2]
}

/** Reads up to the file. @throws {S3Error} `MalformedPOSTRequest`; while the file is read: `IncompleteBody` */
export async function readForm(body: AsyncIterable<Uint8Array>, boundary: string): Promise<Form> {
  const input = inputOf(body)
  const fields = new Map<string, string>()
  const delimiter = `\r\n--${boundary}`
  let room = mostFieldBytes
  const text = async (end: string): Promise<string> => {
    const found = await input.until(end, room)
    room -= found.length
    return found.toString('utf8')
  }
  // The first delimiter has no line end before it.
  if ((await text(delimiter.slice(2))) !== '') throw malformed()
  for (;;) {
    const head = await text('\r\n\r\n')
    if (!head.startsWith('\r\n')) throw malformed()
    const name = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/im.exec(head)?.[1]?.toLowerCase()
    if (name === undefined) throw malformed()
    if (name === 'file') return { fields, file: input.bytesUntil(delimiter) }
    if (fields.has(name)) throw malformed()
    fields.set(name, await text(delimiter))
  }
}

interface FormInput {
  /** Takes all before the marker, and the marker. */
  until(marker: string, most: number): Promise<Buffer>
  bytesUntil(marker: string): AsyncIterable<Uint8Array>
}

function inputOf(body: AsyncIterable<Uint8Array>): FormInput {
  const chunks = body[Symbol.asyncIterator]()
  let pending: Buffer = Buffer.alloc(0)
  const more = async (failure: () => S3Error): Promise<void> => {
    const next = await chunks.next()
    if (next.done === true) throw failure()
    pending = Buffer.concat([pending, next.value])
  }
  return {
    async until(marker, most) {
      for (;;) {
        const at = pending.indexOf(marker)
        if (at >= 0 && at <= most) {
          const found = pending.subarray(0, at)
          pending = pending.subarray(at + Buffer.byteLength(marker))
          return found
        }
        if (pending.length > most) throw malformed()
        await more(malformed)
      }
    },
    async *bytesUntil(marker) {
      const kept = Buffer.byteLength(marker) - 1
      for (;;) {
        const at = pending.indexOf(marker)
        const end = at >= 0 ? at : Math.max(0, pending.length - kept)
        const bytes = pending.subarray(0, end)
        pending = pending.subarray(end)
        if (bytes.length > 0) yield bytes
        if (at >= 0) return
        await more(incomplete)
      }
    },
  }
}

const malformed = (): S3Error =>
  new S3Error('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.')

const incomplete = (): S3Error => new S3Error('IncompleteBody', 'The form ended before its file did.')
