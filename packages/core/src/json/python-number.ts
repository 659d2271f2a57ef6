// Numbers as Python's json module prints them (formats.md 3.3).
import type { JsonNumber } from './value.js'

/** A double as Python's json writes it: `1.0`, `1e+16`, `1e-05`, `-0.0`, and `NaN`, `Infinity`, `-Infinity`. */
export function pythonFloatText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = ''] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 ? '-' : ''
  const digits = mantissa.replace('.', '')
  const exponent = Number(exponentText)
  if (exponent >= 16 || exponent < -4) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    const exponentDigits = String(Math.abs(exponent)).padStart(2, '0')
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${exponentDigits}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** A number as Python prints it after reading its source text: an `int` digit by digit, anything else as a double. */
export function pythonNumberText(number: JsonNumber): string {
  if (!number.isInteger) return pythonFloatText(number.toNumber())
  return number.text === '-0' ? '0' : number.text
}
