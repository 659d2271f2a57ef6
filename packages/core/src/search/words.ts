// How text is cut into words: the same in queries, in documents and in the index (decision 0012).

/** Text as it is compared: NFKC, lower case. */
export function foldText(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase()
  return text.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** The words of a text in their order: runs of letters, marks and digits, folded. In scripts that put no blanks between words (Chinese,
 * Japanese, Thai) each character is one. */
export function searchWords(text: string): string[] {
  return foldText(text).match(isAscii.test(text) ? asciiWord : word) ?? []
}

const isAscii = /^[\0-\x7f]*$/
const asciiWord = /[a-z0-9]+/g
const unspaced = String.raw`(?=[\p{L}\p{M}\p{N}])[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]`
const word = new RegExp(String.raw`${unspaced}|(?:(?!${unspaced})[\p{L}\p{M}\p{N}])+`, 'gu')
