// JSON for property tests: texts that Python could have written, and lossless values.
import fc from 'fast-check'
import { pythonFloatText } from '../json/python-number.js'
import { type Json, JsonNumber } from '../json/value.js'

/** Any text without lone surrogates; keys that trip JavaScript come often. */
const unicodeText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', '10', '9', '', '\u007f', '\u2028', 'ﬁ', '😀', 'a/b', '\\"'),
)

const integerText = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String)
const floatText = fc.double({ noNaN: true, noDefaultInfinity: true }).map(pythonFloatText)

/** Text of a JSON value as Python's `json.dumps(value, ensure_ascii=False)` writes it. */
export const pythonJsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; array: string; object: string }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false'),
      integerText,
      floatText,
      unicodeText.map((text) => JSON.stringify(text)),
      tie('array'),
      tie('object'),
    ),
    array: fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(', ')}]`),
    object: fc
      .uniqueArray(fc.tuple(unicodeText, tie('value')), { selector: ([key]) => key, maxLength: 5 })
      .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`),
  }),
).value

/** A lossless value, `undefined` excluded. */
export const jsonValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.oneof(integerText, floatText).map((text) => new JsonNumber(text)),
    unicodeText,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(unicodeText, tie('value')), { maxLength: 5 }).map((members) => new Map(members)),
  ),
})).value

/** A logical key with parts that tree order and flat order sort differently. */
export const logicalKey = fc
  .array(
    fc
      .oneof(
        fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', ' ', '!', '0', '😀', 'ﬁ'), minLength: 1, maxLength: 3 }),
        unicodeText,
      )
      .map((part) => part.replaceAll('/', '') || 'x')
      .map((part) => (part === '.' || part === '..' ? 'dots' : part)),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join('/'))
