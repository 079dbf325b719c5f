import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Written beside the cluster once it stands; its absence alone never counts against a folder. */
const MARK_TEXT = 'The folder beside this file was prepared completely.\n'
/** What every PostgreSQL data folder holds (postgresql.org, "Database File Layout"). */
const CLUSTER_ENTRIES = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal']

/**
 * Where the embedded database lies in a data folder.
 * @param {string} dataDir
 */
export const clusterPaths = (dataDir) => ({
  cluster: join(dataDir, 'postgres'),
  mark: join(dataDir, 'postgres.complete'),
  /** Only ever holds what an interrupted first start has left, so that it alone may be removed. */
  unfinished: join(dataDir, 'postgres.unfinished'),
})

/** @typedef {ReturnType<typeof clusterPaths>} ClusterPaths */

/**
 * Whether there is a database to open. Throws where files are in the way that may be one: nothing is ever deleted or
 * made over what could be data.
 * @param {ClusterPaths} paths @returns {Promise<boolean>}
 */
export const hasCluster = async (paths) => {
  const { cluster, mark } = paths
  const entries = await entriesOf(cluster)
  if (entries !== null && entries.length > 0) {
    await requireWholeCluster(paths)
    return true
  }
  if (await isThere(mark)) {
    throw new Error(
      `${cluster} is missing or empty, but ${mark} says that it held a database. Mount or restore that folder; to begin with an empty database, delete ${mark}.`,
    )
  }
  return false
}

/**
 * Makes a database under another name and moves it into place when it is complete, so that whatever has the final
 * name was complete once.
 * @param {ClusterPaths} paths @param {(folder: string) => Promise<void>} prepare
 */
export const makeCluster = async ({ cluster, unfinished }, prepare) => {
  // The caller holds the lock of the data folder: no other process works here.
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await prepare(unfinished)
  await rename(unfinished, cluster)
}

/** The remedy for a database that is of no use any more. @param {ClusterPaths} paths */
export const toBeginEmpty = ({ cluster, mark }) =>
  `To begin with an empty database, move it away: mv ${cluster} ${cluster}.old && rm -f ${mark}`

/**
 * Notes that the database has been opened. Without the note it is opened all the same.
 * @param {ClusterPaths} paths
 */
export const markComplete = async ({ mark }) => {
  if (!(await isThere(mark).catch(() => true)))
    await writeFile(mark, MARK_TEXT, { flag: 'wx' }).catch(() => undefined)
}

/** @param {string} folder @returns {Promise<string[] | null>} null where there is nothing of that name */
const entriesOf = async (folder) => {
  if (!(await isThere(folder))) return null
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new Error(
      `${folder} cannot be read (${codeOf(cause)}). Nothing in it was changed. Make it readable for this user, or choose another DATA_DIR.`,
      { cause },
    )
  }
}

/** @param {ClusterPaths} paths */
const requireWholeCluster = async (paths) => {
  const folder = paths.cluster
  for (const name of CLUSTER_ENTRIES) {
    const reason = await stat(join(folder, name)).then(() => null, codeOf)
    if (reason === null) continue
    throw new Error(
      `${folder} holds files but no complete database: ${name} cannot be read (${reason}). Nothing in it was changed. Restore it from a copy. ${toBeginEmpty(paths)}`,
    )
  }
}

/** Anything of that name, a link that leads nowhere included. @param {string} path */
const isThere = async (path) => {
  try {
    await lstat(path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw new Error(
      `${path} cannot be read (${codeOf(cause)}). Make it readable, or choose another DATA_DIR.`,
      { cause },
    )
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? String(error.code) : String(error))
