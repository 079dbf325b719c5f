import type pg from 'pg'
import type { AppliedMigration } from './migrate.ts'

/** Number of steps in which the schema grew before the first release. */
const DEVELOPMENT_MIGRATIONS: readonly string[] = [
  '0001-begin.sql',
  '0002-delivery-tries.sql',
  '0003-nearest-lists.sql',
  '0004-cells.sql',
  '0005-submissions.sql',
  '0006-fair-deliveries.sql',
  '0007-queues-of-buckets.sql',
  '0008-jobs-to-restore.sql',
  '0009-job-lists.sql',
  '0010-turns.sql',
  '0011-video-lists.sql',
]

/** Names that have changed since then. Everything else in the eleventh schema is as the initial schema creates it. */
const RENAMES = `
alter table deliveries rename column tries to attempt_log;
alter table deliveries rename column since to retrying_since;
alter table queues rename column waiting_most to waiting_at_most;
alter table frame_index rename column cell to bucket_key;
alter table audio_index rename column cell to bucket_key;
alter index frame_index_cells rename to frame_index_buckets;
alter index audio_index_cells rename to audio_index_buckets;
drop function put_into_queue (text, text, text, int, json);
drop function queue_of (text, text);
delete from queues where bucket = '';
alter table queues alter column bucket drop default, alter column region drop default;
drop index queues_by_bucket;
create unique index queues_by_bucket on queues (bucket, region);
delete from schema_version;`

/** Whether exactly the eleven migrations of the last development version have been applied. */
export function isDevelopmentSchema(applied: readonly AppliedMigration[]): boolean {
  return (
    applied.length === DEVELOPMENT_MIGRATIONS.length &&
    applied.every(({ name }, i) => name === DEVELOPMENT_MIGRATIONS[i])
  )
}

/**
 * Converts the schema of the last development version to the initial schema, whose functions it takes from that file.
 * Libraries, videos, jobs and keys are kept.
 */
export async function adoptDevelopmentSchema(
  client: pg.PoolClient,
  { initialSchema }: { readonly initialSchema: string },
): Promise<void> {
  // Each part but the last ends with the body of a function.
  const functions = initialSchema
    .split(/^(?=end \$\$;$)/m)
    .slice(0, -1)
    .map((part) => `${part.slice(part.lastIndexOf('\ncreate function'))}end $$;`)
  await client.query('set local search_path to kinoprint, public')
  await client.query(`${RENAMES}\n${functions.join('\n')}`)
}
