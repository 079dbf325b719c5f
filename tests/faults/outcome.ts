import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Ground } from './batch.ts'
import type { Stack } from './stack.ts'

export type JobRow = {
  readonly jobId: string
  /** Number of the job in the batch. */
  readonly n: number
  readonly state: string
  readonly ruleType: string
  readonly code: string | null
  readonly message: string | null
  readonly object: string
  readonly result: {
    readonly videoId: string
    readonly durationSeconds: number
    readonly detections: readonly { readonly videoId: string }[]
  } | null
  readonly endedAt: Date | null
}

type Sql = Pick<Stack, 'sql'>
type Batch = Pick<Ground, 'batch'>

export type Delivery = { readonly jobId: string; readonly status: string; readonly attempts: number }

const POLL_MS = 150
const ENDED = new Set(['Success', 'Failed', 'Cancel'])

export async function jobRows({ sql }: Sql, { batch }: Batch): Promise<JobRow[]> {
  return sql<JobRow>(
    `select job_id as "jobId", split_part(user_data, ':', 2)::int as n, state, rule_type as "ruleType", code, message,
       object, result, ended_at as "endedAt"
     from jobs where user_data like $1 order by seq`,
    [`${batch}:%`],
  )
}

/** Waits until every job of the batch has ended and its callback has arrived. Returns the state then, or at the time limit. */
export async function settled(stack: Sql, ground: Batch, limitMs: number) {
  const until = Date.now() + limitMs
  for (;;) {
    const rows = await jobRows(stack, ground)
    const deliveries = await deliveriesOf(stack, ground)
    const done =
      rows.every((row) => ENDED.has(row.state)) && deliveries.every(({ status }) => status !== 'Pending')
    if (done || Date.now() > until) return { rows, deliveries }
    await delay(POLL_MS)
  }
}

function deliveriesOf({ sql }: Sql, { batch }: Batch): Promise<Delivery[]> {
  return sql<Delivery>(
    `select d.job_id as "jobId", d.status, d.attempts from deliveries d join jobs j using (job_id)
     where j.user_data like $1`,
    [`${batch}:%`],
  )
}

/** The part of a job's outcome that must be equal in every run: everything except the ids of the run. */
export function resultOf({ state, code, message, ruleType, result }: JobRow): string {
  const { durationSeconds, detections } = result ?? {}
  // The deleted video has a different id in each run.
  const said = ruleType === 'DeleteFingerPrint' ? null : message
  return JSON.stringify({ state, code, said, durationSeconds, detections })
}

/** Content and index of each video in a library, by object. */
export async function shelfOf({ sql }: Sql, dnaDbId: string): Promise<Map<string, Shelved>> {
  const rows = await sql<Shelved & { object: string }>(
    `select v.object, v.video_id as "videoId", md5(f.data) as fingerprint, v.etag, v.duration_seconds as seconds,
       (select count(*)::int from frame_index i where i.fingerprint_id = f.id) as frames,
       (select count(*)::int from audio_index i where i.fingerprint_id = f.id) as sounds
     from videos v join libraries l on l.number = v.library_number join fingerprints f on f.id = v.fingerprint_id
     where l.dna_db_id = $1`,
    [dnaDbId],
  )
  return new Map(rows.map(({ object, ...shelved }) => [object, shelved]))
}

export type Shelved = {
  readonly videoId: string
  readonly fingerprint: string
  readonly etag: string
  readonly seconds: number
  readonly frames: number
  readonly sounds: number
}

/** Files that may exist only while jobs run. */
export function temporaryFiles({ disk, dataDir }: Stack): string[] {
  const downloads = namesBelow(join(disk.path, 'kinoprint-objects'))
  const stills = namesBelow(join(dataDir, 'thumbnails')).filter((name) => name.includes('.making'))
  return [...downloads, ...stills]
}

function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
