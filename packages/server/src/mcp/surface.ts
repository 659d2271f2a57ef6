// Under whose names tools are listed, and how texts that name them are told to a client of that surface (design 5).

/** `ours`, or those of the hosted Platform server. */
export type Surface = 'ours' | 'hosted'

/** Our name to the hosted server's, where they differ: what the catalog's assistant is told to call (formats.md 12.2). */
const hostedNames: Readonly<Record<string, string>> = { object_info: 's3_object_info', package_update: 'package_patch' }

const renamed = new RegExp(`\\b(${Object.keys(hostedNames).join('|')})\\b`, 'g')

/** A text of ours in which every tool has the name that the client knows: a hint, a description, or a name alone.
 * Not for users' text. */
export const wordsFor = (surface: Surface, text: string): string =>
  surface === 'ours' ? text : text.replace(renamed, (name) => hostedNames[name] ?? name)
