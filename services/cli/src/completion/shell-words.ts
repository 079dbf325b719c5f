/** A word that a POSIX shell or fish reads as it is. fish, unlike the others, reads `\` in single quotes. */
export function quoted(text: string, shell: 'posix' | 'fish' = 'posix'): string {
  if (/^[\w./-]+$/.test(text)) return text
  const inside = shell === 'fish' ? text.replace(/[\\']/g, '\\$&') : text.replaceAll("'", `'\\''`)
  return `'${inside}'`
}
