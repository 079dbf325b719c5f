/** The pattern of LIKE and ILIKE for texts that contain `text`, whose own `%` and `_` stand for themselves. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
