import { stat } from 'node:fs/promises'
import { hasTemplate, makeTemplate } from './template.ts'

// `npm run build` runs the compiled file. PGlite's version is pinned, so an existing template stays valid.
if (!hasTemplate()) {
  const path = await makeTemplate()
  const { size } = await stat(path)
  process.stdout.write(`Packed an empty embedded database (${(size / 1e6).toFixed(1)} MB)\n`)
}
