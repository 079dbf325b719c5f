/** Control characters, line separators and marks that turn the direction of text. */
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * A text for one line of a terminal, such as the name of a file. Characters that would move the cursor, colour the line or
 * turn its direction are shown as escapes.
 */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => SHORT[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

/** A message whose own lines stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}
