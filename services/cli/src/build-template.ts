/** `npm run build` runs the compiled file, so that a first start only unpacks a database with every table. */
import { migrateQueue, QUEUE_SCHEMA_VERSION } from '@kinoprint/queue'
import { packNewDatabase } from '@kinoprint/store'
import { migrationsDir } from './installed-files.ts'

const size = await packNewDatabase({
  migrationsDir,
  prepare: ({ pool }) => migrateQueue(pool),
  preparedVersion: String(QUEUE_SCHEMA_VERSION),
})
if (size !== null) process.stdout.write(`Packed an empty embedded database (${(size / 1e6).toFixed(1)} MB)\n`)
