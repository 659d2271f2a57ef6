// Facts about an object that whoever wrote it could choose freely. Shown only in the form they have by nature: any other is
// a text, and texts of users stand between fences or nowhere.

/** A media type, with its charset at most. Undefined when it is none. */
export function shownContentType(contentType: string | undefined): string | undefined {
  const [type, charset] =
    /^([\w.+-]{1,60}\/[\w.+-]{1,80})(?:; *charset=([\w.:-]{1,40}))?$/i.exec(contentType ?? '')?.slice(1) ?? []
  return charset === undefined ? type : `${type}; charset=${charset}`
}

/** `type:value`. Undefined when these are no name of a hash and no hexadecimal or base64 number. */
export function shownHash({ type, value }: { readonly type: string; readonly value: string }): string | undefined {
  return /^[\w-]{1,40}$/.test(type) && /^[A-Za-z0-9+/]{1,128}={0,2}$/.test(value) ? `${type}:${value}` : undefined
}
