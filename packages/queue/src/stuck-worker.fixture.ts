import { Pool } from 'pg'
import { recordingLog } from './backends.fixture.ts'
import { consume } from './consume.ts'
import type { QueueOptions } from './queue-options.ts'

/** A worker process that never finishes a job. It prints the id of each job that it takes. */
const { QUEUE_NAME: name = '', QUEUE_REDIS_URL: redisUrl, QUEUE_DATABASE_URL: databaseUrl } = process.env
const options: QueueOptions = redisUrl
  ? { redisUrl, name }
  : { pool: new Pool({ connectionString: databaseUrl }), postgres: true, name }

await consume(options, {
  concurrency: 1,
  log: recordingLog(),
  handler: (jobId) => {
    process.stdout.write(`took ${jobId}\n`)
    return new Promise(() => undefined)
  },
})
