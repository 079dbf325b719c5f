import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { create, extract } from 'tar'
import { clusterPaths } from './cluster-folder.ts'

/**
 * A new database, packed by `npm run build` next to the compiled files. Unpacking it takes a tenth of the time of initdb
 * in WebAssembly and the migrations, which account for most of a first start.
 */
const TEMPLATE = new URL('./new-database.tar.gz', import.meta.url)
/** Holds the key of the template. */
const KEY = new URL('./new-database.key', import.meta.url)

export function hasTemplate(): boolean {
  return existsSync(TEMPLATE)
}

/**
 * Unpacks the template into an empty folder; does nothing if there is no template. The thread has no other work, and
 * synchronous extraction takes at most half the time.
 */
export function unpackTemplate(folder: string): void {
  if (!hasTemplate()) return
  const warnings: string[] = []
  const onwarn = (_code: string, message: string | Error) => warnings.push(String(message))
  extract({ file: fileURLToPath(TEMPLATE), cwd: folder, sync: true, onwarn })
  if (warnings.length > 0)
    throw new Error(`The database template is damaged (${warnings[0]}). Run \`npm run build\` again.`)
}

/** The key that the template was packed with; null without a template. */
export async function templateKey(): Promise<string | null> {
  return hasTemplate() ? readFile(KEY, 'utf8').catch(() => null) : null
}

/** Removes the template, so that the next database is created from scratch. */
export async function removeTemplate(): Promise<void> {
  await rm(TEMPLATE, { force: true })
}

/**
 * Makes the closed database of a data folder the template of new ones, and returns the path of the packed file. `key`
 * names what it is made from.
 */
export async function packTemplate(dataDir: string, key: string): Promise<string> {
  const [path, unfinished] = [fileURLToPath(TEMPLATE), `${fileURLToPath(TEMPLATE)}.${process.pid}`]
  await create({ gzip: true, file: unfinished, cwd: clusterPaths(dataDir).cluster, portable: true }, ['.'])
  await writeFile(KEY, key)
  await rename(unfinished, path).catch(async (error) => {
    await rm(unfinished, { force: true })
    throw error
  })
  return path
}
