// What bytes are, seen from their start: a picture that can be shown, text in some encoding, or something else.
import type { ImageContent } from '../../mcp/define-tool.js'

export type ContentKind =
  | { readonly kind: 'image'; readonly mimeType: ImageContent['mimeType'] }
  | { readonly kind: 'text'; readonly encoding: TextEncoding }
  | { readonly kind: 'binary'; readonly format?: string }

/** A label that TextDecoder knows. */
export type TextEncoding = string

export interface Sample {
  /** The bytes looked at: at least a few hundred, or all there are. */
  readonly bytes: Uint8Array
  /** Whether they are the first ones of the object. */
  readonly fromStart: boolean
  /** As the store says: `text/csv; charset=shift_jis`. */
  readonly contentType?: string | undefined
}

/** Decides by the bytes; the content type is asked only for the charset of a text. */
export function contentKind({ bytes, fromStart, contentType }: Sample): ContentKind {
  if (fromStart) {
    const image = images.find(({ matches }) => matches(bytes))
    if (image) return { kind: 'image', mimeType: image.mimeType }
    const format = formats.find(({ magic }) => startsWith(bytes, magic))
    if (format) return { kind: 'binary', format: format.name }
    const marked = byteOrderMarks.find(({ mark }) => startsWith(bytes, mark))
    if (marked) return { kind: 'text', encoding: marked.encoding }
  }
  const utf16 = utf16Order(bytes)
  if (utf16 !== undefined) return { kind: 'text', encoding: utf16 }
  if (hasControls(bytes)) return { kind: 'binary' }
  if (isUtf8(bytes)) return { kind: 'text', encoding: 'utf-8' }
  return { kind: 'text', encoding: declaredCharset(contentType) ?? 'windows-1252' }
}

const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0))
const startsWith = (bytes: Uint8Array, magic: readonly number[], at = 0): boolean =>
  magic.every((byte, index) => bytes[at + index] === byte)

const images: readonly { readonly mimeType: ImageContent['mimeType']; matches(bytes: Uint8Array): boolean }[] = [
  { mimeType: 'image/png', matches: (bytes) => startsWith(bytes, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]) },
  { mimeType: 'image/jpeg', matches: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  {
    mimeType: 'image/gif',
    matches: (bytes) => startsWith(bytes, ascii('GIF87a')) || startsWith(bytes, ascii('GIF89a')),
  },
  {
    mimeType: 'image/webp',
    matches: (bytes) => startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBP'), 8),
  },
]

const formats: readonly { readonly name: string; readonly magic: readonly number[] }[] = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zip (also xlsx, docx, npz)', magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'parquet', magic: ascii('PAR1') },
  { name: 'HDF5 (also h5ad)', magic: [0x89, ...ascii('HDF\r\n'), 0x1a, 0x0a] },
  { name: 'arrow', magic: ascii('ARROW1') },
  { name: 'PDF', magic: ascii('%PDF-') },
  { name: 'SQLite', magic: ascii('SQLite format 3') },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'bzip2', magic: ascii('BZh') },
]

const byteOrderMarks: readonly { readonly mark: readonly number[]; readonly encoding: TextEncoding }[] = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
]

/** Whether the bytes are UTF-8, not counting a character cut at either end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(partialStart(bytes)), { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** How many bytes at the start belong to a UTF-8 character that began before: 0 to 3. */
export function partialStart(bytes: Uint8Array): number {
  let count = 0
  while (count < 3 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count++
  return count
}

/** How many bytes at the end belong to a UTF-8 character that goes on behind: 0 to 3. */
export function partialEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return wanted > back ? back : 0
  }
  return 0
}

/** Whether there is a control character that no text has: all below space but tab, line ends, form feed and escape. */
const hasControls = (bytes: Uint8Array): boolean => bytes.some(isControl)
const isControl = (code: number): boolean => code < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(code)
const isControlled = (text: string): boolean => Array.from(text, (letter) => letter.charCodeAt(0)).some(isControl)

/** UTF-16 without a mark: mostly Latin text has a zero in every second byte. */
function utf16Order(bytes: Uint8Array): TextEncoding | undefined {
  if (bytes.length < 8) return undefined
  const zeros = [0, 0]
  for (const [at, byte] of bytes.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const many = bytes.length * 0.35
  const encoding = odd > many && even < many / 8 ? 'utf-16le' : even > many && odd < many / 8 ? 'utf-16be' : undefined
  // Small numbers of 16 bits look the same, but as text they are control characters.
  const isText = encoding !== undefined && !isControlled(new TextDecoder(encoding).decode(bytes))
  return isText ? encoding : undefined
}

function declaredCharset(contentType: string | undefined): TextEncoding | undefined {
  const label = /charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1]
  if (label === undefined) return undefined
  try {
    // What claims to be UTF-8 was tried already, and is not.
    const { encoding } = new TextDecoder(label)
    return encoding === 'utf-8' ? undefined : encoding
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
