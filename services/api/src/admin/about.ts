import { errorText } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

const STARTED_AT = new Date(Date.now() - 1000 * process.uptime()).toISOString()

export async function getAbout({
  db,
  version,
  about,
  maintenanceState,
}: Db & Pick<AdminContext, 'version' | 'about' | 'maintenanceState'>): Answer<'getAbout'> {
  const { ffmpeg, fingerprintFormat, settings, jobRetentionDays, queryRetentionDays } = about
  const facts = await store.readDatabaseFacts(db)
  return {
    version,
    startedAt: STARTED_AT,
    node: process.versions.node,
    ffmpeg,
    database: { kind: db.embedded ? 'embedded' : 'postgres', ...facts },
    fingerprintFormat,
    settings,
    retention: { jobDays: jobRetentionDays, queryDays: queryRetentionDays },
    maintenance: [...maintenanceState.reports.values()],
  }
}

export async function findId(
  { db, about }: Db & Pick<AdminContext, 'about'>,
  { query: { id } }: JsonRequest<'findId'>,
): Answer<'findId'> {
  const { endedAt, ...found } = await store.findId(db, id)
  return { id, ...found, endedAt: endedAt?.toISOString() ?? null, retentionDays: about.jobRetentionDays }
}

/** The last run of a maintenance task. */
export type MaintenanceReport = {
  readonly task: string
  readonly at: string
  readonly seconds: number
  readonly ok: boolean
  readonly report: unknown
}

/** Runs a task and keeps its report. Rethrows its error. */
export async function withReport<T>(
  reports: Map<string, MaintenanceReport>,
  task: string,
  run: () => Promise<T>,
): Promise<T> {
  const startMs = performance.now()
  const keep = (ok: boolean, report: unknown): void => {
    const seconds = (performance.now() - startMs) / 1000
    reports.set(task, { task, at: new Date().toISOString(), seconds, ok, report })
  }
  try {
    const result = await run()
    keep(true, result ?? null)
    return result
  } catch (error) {
    keep(false, errorText(error))
    throw error
  }
}
