import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

/**
 * A new, empty database, packed by the build. Unpacking it takes a third of the time that making one does (initdb in
 * WebAssembly), which is most of what a first start waits for. It stands in dist, whether this file runs from there or
 * from the sources.
 */
const TEMPLATE = new URL('../../dist/embedded/new-database.tar.gz', import.meta.url)

/**
 * The packed database, or undefined where no build has made it: PGlite then makes its own, only slower.
 * @returns {Promise<Blob | undefined>}
 */
export const databaseTemplate = async () => {
  const bytes = await readFile(TEMPLATE).catch(() => undefined)
  return bytes && new Blob([new Uint8Array(bytes)], { type: 'application/x-gzip' })
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
