import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { extract } from 'tar'

/**
 * A new, empty database, packed by `npm run build` next to the compiled files. Unpacking it takes a third of the time
 * of initdb in WebAssembly, which accounts for most of a first start.
 */
const TEMPLATE = new URL('./new-database.tar.gz', import.meta.url)

export function hasTemplate(): boolean {
  return existsSync(TEMPLATE)
}

/**
 * Unpacks the template into an empty folder; does nothing if there is no template. PGlite can unpack it too, but keeps
 * the 150 MB that this takes. The thread has no other work, and synchronous extraction takes at most half the time.
 */
export function unpackTemplate(folder: string): void {
  if (!hasTemplate()) return
  const warnings: string[] = []
  const onwarn = (code: string, message: string | Error) => {
    // PGlite packs absolute names, which tar reports and handles.
    if (code !== 'TAR_ENTRY_INFO') warnings.push(String(message))
  }
  extract({ file: fileURLToPath(TEMPLATE), cwd: folder, sync: true, onwarn })
  if (warnings.length > 0)
    throw new Error(`The database template is damaged (${warnings[0]}). Run \`npm run build\` again.`)
}

/** Creates the template and returns its path. */
export async function makeTemplate(): Promise<string> {
  const pglite = await PGlite.create({ extensions: { vector } })
  const packed = await pglite.dumpDataDir('gzip')
  await pglite.close()
  const unfinished = new URL(`${TEMPLATE.href}.${process.pid}`)
  await writeFile(unfinished, new Uint8Array(await packed.arrayBuffer()))
  await rename(unfinished, TEMPLATE).catch(async (error) => {
    await rm(unfinished, { force: true })
    throw error
  })
  return fileURLToPath(TEMPLATE)
}
