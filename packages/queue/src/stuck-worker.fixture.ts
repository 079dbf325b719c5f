import { Pool } from 'pg'
import { listeningLog } from './backends.fixture.ts'
import { consume } from './consume.ts'
import type { QueueOptions } from './queue-options.ts'

/** A worker in a process of its own that takes jobs and never finishes one. It says which job it took. */
const { QUEUE_NAME: name = '', QUEUE_REDIS_URL: redisUrl, QUEUE_DATABASE_URL: databaseUrl } = process.env
const options: QueueOptions = redisUrl
  ? { redisUrl, name }
  : { pool: new Pool({ connectionString: databaseUrl }), postgres: true, name }

await consume(options, {
  concurrency: 1,
  log: listeningLog(),
  handler: (jobId) => {
    process.stdout.write(`took ${jobId}\n`)
    return new Promise(() => undefined)
  },
})
