import { visible } from '../output/visible.ts'

/** Text as HTML, with control characters and marks that turn text shown as escapes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
