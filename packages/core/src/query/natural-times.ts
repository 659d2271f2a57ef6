// Times in plain words: when something was last changed, in UTC.
import type { Around, Saying } from './natural-saying.js'
import { saying, subject } from './natural-words.js'

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const month = `(?:${months.map((name) => (name.length > 3 ? `${name.slice(0, 3)}(?:${name.slice(3)})?` : name)).join('|')}|sept)`
const ordinal = String.raw`\d{1,2}(?:st|nd|rd|th)?`
const dayOrMonth = String.raw`(?:\d{4}-\d{2}(?:-\d{2})?|(?:${ordinal} (?:of )?)?${month},? \d{4}|${month} ${ordinal},? \d{4})`
const date = String.raw`(${dayOrMonth}|(?:19|20)\d{2})`
const changed = '(?:(?:was |were |is |are |been |last )?(?:modified|changed|updated|uploaded|pushed|edited|revised) )?'
const about = `${subject}${changed}`
const unitDays: Readonly<Record<string, string>> = { hour: 'h', day: 'd', week: 'w', year: 'y' }
const span = String.raw`(\d{1,4}) (hour|day|week|month|year)s?`

interface Comparison {
  readonly words: string
  readonly operator: string
}

const comparisons: readonly Comparison[] = [
  { words: 'since|starting from', operator: '>=' },
  { words: 'after|newer than|later than', operator: '>' },
  { words: 'before|older than|earlier than|prior to', operator: '<' },
  { words: 'until|till', operator: '<=' },
]

/** `last 30 days`, `since 2025-01-01`, `in March 2024`, `yesterday`. */
export const timeSayings: readonly Saying[] = [
  {
    pattern: saying(`${about}(?:(?:from|in|within|during|over|of) )?(?:the )?(?:last|past|previous) ${span}`),
    filterOf: ([, count = '', unit = ''], around) => sure(around, () => since(Number(count), unit)),
  },
  {
    pattern: saying(
      `${about}(?:(?:from|in|within|during|over) )?(?:the (?:last|past)|past) (hour|day|week|month|year)`,
    ),
    filterOf: ([, unit = ''], around) => sure(around, () => since(1, unit)),
  },
  {
    pattern: saying(
      `(?:files?|objects?|packages?|entries|revisions?) (?:(?:that|which) (?:is|are|was|were) )?(older|newer) than ${span}`,
    ),
    filterOf: ([, age = '', count = '', unit = ''], around) =>
      sure(around, () => `modified:${/older/i.test(age) ? '<' : '>'}${ago(Number(count), unit)}`),
  },
  {
    pattern: saying(`${about}(?:between ${date} and|from ${date} (?:to|until|till)) ${date}`),
    filterOf: ([, between, from, to = ''], around) => {
      const [lower, upper] = [isoDate(between ?? from ?? ''), isoDate(to)]
      return sure(around, () =>
        lower === undefined || upper === undefined ? undefined : `modified:[${lower} TO ${upper}]`,
      )
    },
  },
  ...comparisons.map(
    ({ words, operator }): Saying => ({
      pattern: saying(`${about}(?:${words}) ${date}`),
      filterOf: ([, when = ''], around) => sure(around, () => dated(operator, isoDate(when))),
    }),
  ),
  {
    pattern: saying(`${about}(?:in|during) ${date}`),
    filterOf: ([, when = ''], around) => sure(around, () => dated('', isoDate(when))),
  },
  {
    pattern: saying(`${about}on (${dayOrMonth})`),
    filterOf: ([, when = ''], around) => sure(around, () => dated('', isoDate(when))),
  },
  {
    pattern: saying(`${about}(?:(from|since|in|during) )?(today|yesterday|this year|this month)`),
    filterOf: ([, preposition = '', when = ''], around) =>
      sure(around, () => dated(/since/i.test(preposition) ? '>=' : '', namedTime(when.toLowerCase(), around.nowMs))),
  },
]

/** "Collected in 2024" says nothing of when a file was changed; "in 2024 cells" nothing of a year. */
function sure({ before, after }: Around, filterOf: () => string | undefined): string | undefined {
  const isOther = /(?:ed|born|taken|made|grown|drawn|frozen|built|year|run|version)$/.test(before)
  const isBehind =
    after === '' ||
    /^(?:and|with|by|for|from|that|which|where|larger|bigger|smaller|over|under|above|below|modified|changed|updated)$/.test(
      after,
    )
  return isOther || !isBehind ? undefined : filterOf()
}

const since = (count: number, unit: string): string => `modified:>=${ago(count, unit)}`

/** A month is 30 days: `m` are minutes. */
function ago(count: number, unit: string): string {
  const name = unit.toLowerCase()
  return name === 'month' ? `now-${count * 30}d` : `now-${count}${unitDays[name]}`
}

const dated = (operator: string, when: string | undefined): string | undefined =>
  when === undefined ? undefined : `modified:${operator}${when}`

function isoDate(text: string): string | undefined {
  if (/^\d{4}(?:-\d{2}){0,2}$/.test(text)) return text
  const name = /[a-z]{3,}/i.exec(text)?.[0].slice(0, 3).toLowerCase()
  const index = months.findIndex((one) => one.slice(0, 3) === name)
  const year = /\d{4}$/.exec(text)?.[0]
  if (index === -1 || year === undefined) return undefined
  const day = /\d{1,2}(?!\d)/.exec(text.slice(0, -4))?.[0]
  return [year, index + 1, ...(day === undefined ? [] : [day])].map((part) => String(part).padStart(2, '0')).join('-')
}

function namedTime(name: string, nowMs: number | undefined): string | undefined {
  if (nowMs === undefined) return undefined
  const dayMs = 86_400_000
  const today = new Date(name === 'yesterday' ? nowMs - dayMs : nowMs).toISOString()
  return today.slice(0, { 'this year': 4, 'this month': 7 }[name] ?? 10)
}
