/** Whether HTTP can carry this header: a token for a name; a value of ISO-8859-1 without control characters. */
export const isHeader = (name: string, value: string): boolean =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)
