/** What follows /hma in the path of a request without a token in it. */
const SECTIONS = new Set(['c', 'm', 'h'])

/** The path of a request as the log shows it: a client of /hma may have its token in the path. */
export function hideToken(path: string): string {
  const [, root, token, ...rest] = path.split('/')
  if (root !== 'hma' || !token || (rest.length > 0 && SECTIONS.has(token))) return path
  return ['', root, '***', ...rest].join('/')
}
