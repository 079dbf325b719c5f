import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A hash of all built files that `kinoprint` runs. */
export function buildStamp(): string {
  const hash = createHash('sha256')
  for (const kind of ['packages', 'services'])
    for (const workspace of readdirSync(join(root, kind)).sort()) {
      const dist = join(root, kind, workspace, 'dist')
      if (!existsSync(dist)) continue
      const names = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.js'),
      )
      for (const name of names.sort())
        hash.update(`${workspace}/${name}`).update(readFileSync(join(dist, name)))
    }
  return hash.digest('hex').slice(0, 12)
}

/** Throws if the build has changed: figures of different code must not be compared. */
export function assertSameBuild(stamp: string): void {
  const now = buildStamp()
  if (now !== stamp)
    throw new Error(`Kinoprint was rebuilt during the measurement (${stamp}, now ${now}). Measure again.`)
}
