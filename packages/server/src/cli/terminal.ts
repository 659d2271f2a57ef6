/** Text with its control characters shown instead of obeyed: what users wrote must not steer a terminal. */
export const forTerminal = (text: string): string =>
  text.replace(/\p{Cc}/gu, (control) =>
    control === '\n' || control === '\t' ? control : `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
