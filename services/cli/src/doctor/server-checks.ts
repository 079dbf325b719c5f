import { existsSync } from 'node:fs'
import { openObjectStore } from '@kinoprint/objects'
import { inspectRedis } from '@kinoprint/queue'
import { createLog, type Settings } from '@kinoprint/runtime'
import { inspectServer, openDatabase } from '@kinoprint/store'
import { migrationsDir } from '../installed-files.ts'
import { reachDatabase } from '../product/reach-database.ts'
import { readServerFile } from '../product/server-file.ts'
import { type Finding, failed, ok, problem } from './finding.ts'
import { checkFolder } from './machine-checks.ts'

const CONNECT_TIMEOUT_MS = 10_000

/** Whether the server of DATABASE_URL can be reached, has pgvector, and which migrations it lacks. */
export async function checkDatabase({
  databaseUrl,
  dataDir,
}: Pick<Settings, 'databaseUrl' | 'dataDir'>): Promise<Finding> {
  if (databaseUrl === null) {
    const server = await readServerFile(dataDir)
    return ok(
      server === null ? 'embedded, in the data folder' : `embedded, open in the server at ${server.url}`,
    )
  }
  const db = await openDatabase({ databaseUrl })
  try {
    await reachDatabase(db, { databaseUrl, limitMs: CONNECT_TIMEOUT_MS })
    const { postgres, pgvector, version, newest } = await inspectServer(db, { dir: migrationsDir })
    const server = `PostgreSQL ${postgres}, pgvector ${pgvector}`
    if (version === newest) return ok(`${server}, migrations complete (${newest})`)
    return {
      state: 'warning',
      found: `${server}, ${newest - version} of ${newest} migrations missing`,
      cure: 'Run: kinoprint admin migrate. A server does it when it starts.',
    }
  } catch (error) {
    return failed(error, 'Check DATABASE_URL.')
  } finally {
    await db.close()
  }
}

/** Whether the server of REDIS_URL can be reached, and which of its settings lose jobs. */
export async function checkQueue({ redisUrl }: Pick<Settings, 'redisUrl'>): Promise<Finding> {
  if (redisUrl === null) return ok('in the database')
  try {
    const log = createLog('silent')
    const warnings = await inspectRedis(redisUrl, { log, connectTimeoutMs: CONNECT_TIMEOUT_MS })
    // The fault is the one to cure first.
    const worst = warnings.find(({ severity }) => severity === 'fault') ?? warnings[0]
    if (worst === undefined) return ok('Redis, no setting loses jobs')
    const finding = problem(worst.severity === 'fault' ? 'missing' : 'warning', worst.message)
    const others = warnings.filter((one) => one !== worst).map(({ message }) => message)
    return { ...finding, cure: [finding.cure, ...others].join('\n') }
  } catch (error) {
    return failed(error, 'Check REDIS_URL.')
  }
}

/** Whether the buckets can be read and written. */
export async function checkObjects({
  bucketsDir,
  s3,
}: Pick<Settings, 'bucketsDir' | 's3'>): Promise<Finding> {
  // The check of the folder store would create the folder.
  if (s3 === null && !existsSync(bucketsDir)) return checkFolder(bucketsDir, 'BUCKETS_DIR')
  const objects = openObjectStore({ bucketsDir, s3: s3 ?? undefined })
  try {
    await objects.check()
    return ok(s3 === null ? bucketsDir : s3.endpoint)
  } catch (error) {
    return failed(error, 'Check the S3_… settings.')
  }
}
