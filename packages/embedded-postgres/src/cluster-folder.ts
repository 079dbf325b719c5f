import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, errorText } from '@kinoprint/core'

/** Written beside a cluster after its first start. A folder without this file may still contain a cluster. */
const MARK_TEXT = 'The database in the folder next to this file is complete.\n'
/** What every PostgreSQL data folder contains (PostgreSQL, "Database File Layout"). */
const CLUSTER_ENTRIES = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal']

export type ClusterPaths = {
  readonly cluster: string
  readonly mark: string
  /** Contains only the remains of an interrupted first start, so it is the only folder that may be deleted. */
  readonly unfinished: string
}

/** Paths of the database files in a data folder. */
export function clusterPaths(dataDir: string): ClusterPaths {
  return {
    cluster: join(dataDir, 'postgres'),
    mark: join(dataDir, 'postgres.complete'),
    unfinished: join(dataDir, 'postgres.unfinished'),
  }
}

/**
 * Whether there is a database to open. Throws if there are files that might be one: files that could be data are never
 * deleted or overwritten.
 */
export async function hasCluster(paths: ClusterPaths): Promise<boolean> {
  const { cluster, mark } = paths
  const entries = await entriesOf(cluster)
  if (entries !== null && entries.length > 0) {
    await requireWholeCluster(paths)
    return true
  }
  if (await exists(mark)) {
    throw new Error(
      `${cluster} is missing or empty, but ${mark} shows that it held a database. Mount or restore that folder; to begin with an empty database, delete ${mark}.`,
    )
  }
  return false
}

/**
 * Creates a cluster under a temporary name and renames it when it is complete, so that the final name never refers to a
 * partial one.
 */
export async function makeCluster(
  { cluster, unfinished }: ClusterPaths,
  prepare: (folder: string) => Promise<void>,
): Promise<void> {
  // The caller has locked the data folder, so no other process uses it.
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await prepare(unfinished)
  await rename(unfinished, cluster)
}

/** What to do about a database that cannot be repaired. */
export function startOverHint({ cluster, mark }: ClusterPaths): string {
  return `To begin with an empty database, move it away: mv ${cluster} ${cluster}.old && rm -f ${mark}`
}

/** Records that the database has been opened. A failure to write the record is ignored. */
export async function markComplete({ mark }: ClusterPaths): Promise<void> {
  if (!(await exists(mark).catch(() => true)))
    await writeFile(mark, MARK_TEXT, { flag: 'wx' }).catch(() => undefined)
}

/** The names in a folder; null if there is no such folder. */
async function entriesOf(folder: string): Promise<string[] | null> {
  if (!(await exists(folder))) return null
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new Error(
      `${folder} cannot be read (${codeOrText(cause)}). Nothing in it was changed. Make it readable for this user, or choose another DATA_DIR.`,
      { cause },
    )
  }
}

async function requireWholeCluster(paths: ClusterPaths): Promise<void> {
  const folder = paths.cluster
  for (const name of CLUSTER_ENTRIES) {
    const failure = await stat(join(folder, name)).then(() => null, codeOrText)
    if (failure === null) continue
    throw new Error(
      `${folder} contains files but no complete database: ${name} cannot be read (${failure}). Nothing in it was changed. Restore it from a backup. ${startOverHint(paths)}`,
    )
  }
}

/** Whether an entry of that name exists, including dangling links. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false
    throw new Error(
      `${path} cannot be read (${codeOrText(cause)}). Make it readable, or choose another DATA_DIR.`,
      { cause },
    )
  }
}

function codeOrText(error: unknown): string {
  return errorCode(error) || errorText(error)
}
