import { stat } from 'node:fs/promises'
import { hasDatabaseTemplate, makeDatabaseTemplate } from './database-template.js'

// Run by `npm run build` after the compiler. PGlite's version is pinned, so a template that stands is good.
if (!hasDatabaseTemplate()) {
  const path = await makeDatabaseTemplate()
  const { size } = await stat(path)
  process.stdout.write(`Packed a new embedded database (${(size / 1e6).toFixed(1)} MB)\n`)
}
