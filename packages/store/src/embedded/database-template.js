import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { extract } from 'tar'

/**
 * A new, empty database, packed by the build. Unpacking it takes a third of the time that making one does (initdb in
 * WebAssembly), which is most of what a first start waits for. It stands in dist, whether this file runs from there or
 * from the sources.
 */
const TEMPLATE = new URL('../../dist/embedded/new-database.tar.gz', import.meta.url)

export const hasDatabaseTemplate = () => existsSync(TEMPLATE)

/**
 * Unpacks the packed database into an empty folder, which stays empty where no build has made one: PGlite then makes
 * its own, only slower. PGlite could unpack it too, but the 150 MB that it takes for that are kept until it ends.
 * Nothing else runs in the thread meanwhile, and without waiting for each file it takes half of the time or less.
 * @param {string} folder
 */
export const unpackDatabaseTemplate = (folder) => {
  if (!hasDatabaseTemplate()) return
  /** @type {string[]} */
  const troubles = []
  /** @type {(code: string, message: string | Error) => void} */
  const onwarn = (code, message) => {
    // Names of what PGlite has packed begin with a slash.
    if (code !== 'TAR_ENTRY_INFO') troubles.push(String(message))
  }
  extract({ file: fileURLToPath(TEMPLATE), cwd: folder, sync: true, onwarn })
  if (troubles.length > 0)
    throw new Error(`The packed database cannot be read (${troubles[0]}). Run \`npm run build\` again.`)
}

/**
 * Makes the packed database anew.
 * @returns {Promise<string>} where it is
 */
export const makeDatabaseTemplate = async () => {
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
