// The command line of one command -> its flags, settings and words. Derived from the command's own list and the settings' schema.

import { parseArgs } from 'node:util'
import { nearNames } from '@quilt-mcp/core'
import type { FlagValues } from '../config/load.js'
import { type GivenValue, type SettingName, settings } from '../config/schema.js'
import { UsageError } from './exit-code.js'

/** A flag that belongs to one command. */
export interface CommandFlag {
  readonly flag: `--${string}`
  readonly description: string
  /** What stands for the value in help. Absent: a switch. */
  readonly value?: string
}

export interface CommandLine {
  /** The words that are no flags. */
  readonly words: readonly string[]
  /** The command's own flags without their dashes; `true` for switches. */
  readonly flags: ReadonlyMap<string, string>
  /** What was given for settings. */
  readonly settings: FlagValues
  /** Flags that are neither, when the command takes such: names without dashes, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
}

export interface FlagSpec {
  readonly command: string
  readonly flags: readonly CommandFlag[]
  readonly settings: readonly SettingName[]
  /** Whether any `--name value` is taken: a tool's arguments. Default false. */
  readonly takesOthers?: boolean
}

/** Reads a command line. @throws {UsageError} on an unknown flag, naming a near one, or a missing value */
export function parseFlags(argv: readonly string[], spec: FlagSpec): CommandLine {
  const own = new Map(spec.flags.map((flag) => [flag.flag.slice(2), flag]))
  const ofSetting = new Map(
    settings.filter(({ name }) => spec.settings.includes(name)).map((one) => [one.flag.slice(2), one]),
  )
  const valued = (name: string): boolean => (own.get(name) ?? ofSetting.get(name))?.value !== undefined
  const options = Object.fromEntries(
    [...own.keys(), ...ofSetting.keys()].map((name) => [
      name,
      { type: valued(name) ? ('string' as const) : ('boolean' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })

  const line = {
    words: [] as string[],
    flags: new Map<string, string>(),
    settings: new Map<SettingName, GivenValue>(),
    others: [] as [string, string][],
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined || token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      line.words.push(token.value)
      continue
    }
    const setting = ofSetting.get(token.name)
    if (own.has(token.name) || setting) {
      const value = valued(token.name) ? token.value : (token.value ?? 'true')
      if (value === undefined || value === '') throw new UsageError(`${token.rawName} needs a value`, help(spec))
      if (setting)
        line.settings.set(setting.name, setting.list ? [line.settings.get(setting.name) ?? [], value].flat() : value)
      else line.flags.set(token.name, value)
    } else if (spec.takesOthers && token.rawName.startsWith('--')) {
      const next = tokens[index + 1]
      const following = token.value === undefined && next?.kind === 'positional' ? next.value : undefined
      if (following !== undefined) index++
      line.others.push([token.name, token.value ?? following ?? 'true'])
    } else {
      const near = nearNames(token.name, [...own.keys(), ...ofSetting.keys(), 'help', 'version'], 1)
      throw new UsageError(
        `there is no flag ${token.rawName}`,
        near.length > 0 ? `Did you mean --${near[0]}?` : help(spec),
      )
    }
  }
  return { ...line, settings: Object.fromEntries(line.settings) }
}

const help = ({ command }: FlagSpec): string => `quilt-mcp ${command} --help lists the flags.`
