// fetch as a web page has it: the browser's own CORS check (Fetch standard, 3.2 and 4.8) decides what a page may send and see.

/** What a page sees of an answer. */
export interface SeenAnswer {
  readonly status: number
  /** Those that every page may see, and those that the server exposes. */
  readonly headers: Headers
  readonly text: string
}

export interface PageRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** A fetch of a page. Rejects with a TypeError, which says nothing, wherever a browser does. */
export type PageFetch = (url: string, request: PageRequest) => Promise<SeenAnswer>

const safeMethods = ['GET', 'HEAD', 'POST']
const safeRequestHeaders = ['accept', 'accept-language', 'content-language']
const visibleHeaders = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]

/** The fetch of pages of an origin that is not the server's. Without cookies, as the catalog's client asks. */
export function pageFetch(origin: string): PageFetch {
  const allows = (answer: Response): boolean =>
    [origin, '*'].includes(answer.headers.get('access-control-allow-origin') ?? '')

  const preflight = async (url: string, { method, headers }: PageRequest): Promise<void> => {
    const named = Object.keys(headers)
      .map((name) => name.toLowerCase())
      .filter((name) => !safeRequestHeaders.includes(name))
      .sort()
    if (named.length === 0 && safeMethods.includes(method)) return
    const answer = await fetch(url, {
      method: 'OPTIONS',
      redirect: 'manual',
      headers: {
        origin,
        'access-control-request-method': method,
        ...(named.length > 0 && { 'access-control-request-headers': named.join(',') }),
      },
    })
    await answer.arrayBuffer()
    const methods = listIn(answer.headers, 'access-control-allow-methods')
    const allowed = listIn(answer.headers, 'access-control-allow-headers').map((name) => name.toLowerCase())
    const mayUse = safeMethods.includes(method) || methods.includes(method) || methods.includes('*')
    // `*` stands for every header but this one.
    const maySend = named.every((name) => allowed.includes(name) || (allowed.includes('*') && name !== 'authorization'))
    if (!(answer.ok && allows(answer) && mayUse && maySend)) throw new TypeError('Failed to fetch')
  }

  return async (url, request) => {
    await preflight(url, request)
    const answer = await fetch(url, { ...request, redirect: 'manual', headers: { ...request.headers, origin } })
    const text = await answer.text()
    if (!allows(answer) || (answer.status >= 300 && answer.status < 400)) throw new TypeError('Failed to fetch')
    const exposed = listIn(answer.headers, 'access-control-expose-headers').map((name) => name.toLowerCase())
    const seen = [...answer.headers].filter(
      ([name]) => visibleHeaders.includes(name) || exposed.includes(name) || exposed.includes('*'),
    )
    return { status: answer.status, headers: new Headers(seen), text }
  }
}

const listIn = (headers: Headers, name: string): readonly string[] =>
  (headers.get(name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
