import { loadSettings } from '@kinoprint/runtime'
import { type FileFingerprint, fingerprintFile } from '@kinoprint/worker'
import { compareText } from '../compare/compare-text.ts'
import { type LocalWork, openLocalWork } from '../local-work.ts'
import { namedFault } from '../named-fault.ts'
import { untilInterrupted } from '../until-interrupted.ts'

export type CompareOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly a: string
  readonly b: string
  readonly json: boolean
}

/** The letters and bars around the drawing take this many columns. */
const FRAME_COLUMNS = 6
const COLUMNS_MAX = 100
/** Of a terminal that does not say. */
const USUAL_COLUMNS = 80

const quiet = (): void => undefined

const read = async (
  work: LocalWork,
  path: string,
  { signal, asQuery }: { signal: AbortSignal; asQuery: boolean },
): Promise<FileFingerprint> => {
  try {
    return await fingerprintFile(work, path, { signal, report: quiet, asQuery })
  } catch (error) {
    throw namedFault(path, error)
  }
}

/** Finds what two files share and prints it. */
export const compare = async ({ environment, a, b, json }: CompareOptions): Promise<void> => {
  const work = await openLocalWork(loadSettings(environment))
  try {
    await untilInterrupted(async (signal) => {
      const [query, ref] = await Promise.all([
        read(work, a, { signal, asQuery: true }),
        read(work, b, { signal, asQuery: false }),
      ])
      const references = [{ videoId: b, data: ref.data }]
      const matches = await work.pool.run<'match'>(
        { kind: 'match', query: query.queryData, references },
        { signal },
      )
      const match = matches[0]?.match
      if (match === undefined) throw new Error('The matcher answered nothing.')
      const columns = process.stdout.isTTY
        ? Math.max(10, Math.min(COLUMNS_MAX, (process.stdout.columns || USUAL_COLUMNS) - FRAME_COLUMNS))
        : null
      const seconds = { a: query.durationSeconds, b: ref.durationSeconds }
      const text = json ? JSON.stringify(match, null, 2) : compareText(match, { seconds, columns })
      process.stdout.write(`${text}\n`)
    })
  } finally {
    await work.pool.close()
  }
}
