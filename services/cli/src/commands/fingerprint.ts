import { basename } from 'node:path'
import type { StoreDetail } from '@kinoprint/core'
import { ingestFile } from '@kinoprint/engine'
import { type ExchangeFormat, encodeExchange } from '@kinoprint/store'
import { namedFault } from '../file-fault.ts'
import { type LocalWork, loadLocalSettings, openLocalWork } from '../local-work.ts'
import { startProgress } from '../output/progress.ts'
import { openWholeFile, type WholeFile } from '../output/whole-file.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'

export type FingerprintOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The video. */
  readonly file: string
  /** The file to write. It is replaced only when the fingerprint is complete. */
  readonly out: string
  readonly name?: string | undefined
  readonly format: ExchangeFormat
  readonly storeDetail?: StoreDetail | undefined
}

/** Writes the fingerprint file of a video. Returns the exit code: 0, or 130 if interrupted. */
export async function fingerprint(options: FingerprintOptions): Promise<number> {
  const settings = loadLocalSettings(options.environment)
  const target = await openWholeFile(options.out)
  const work = await openLocalWork(settings)
  try {
    return await untilInterrupted(async (signal) => {
      try {
        const storeDetail = options.storeDetail ?? settings.storeDetail
        await writeFingerprint({ work, target }, { ...options, storeDetail }, signal)
        return 0
      } catch (error) {
        if (!signal.aborted) throw error
        process.stderr.write('Interrupted.\n')
        return INTERRUPTED
      }
    })
  } finally {
    await work.pool.close()
    await target.close()
  }
}

async function writeFingerprint(
  { work, target }: { readonly work: LocalWork; readonly target: WholeFile },
  {
    file,
    out,
    name = basename(file),
    format,
    storeDetail,
  }: FingerprintOptions & { storeDetail: StoreDetail },
  signal: AbortSignal,
): Promise<void> {
  const progress = startProgress('reading', { total: 1 })
  const { stored, facts } = await ingestFile(work, file, {
    signal,
    onProgress: (_stage, fraction) => progress.report(file, fraction),
    storeDetail,
    asQuery: false,
    thumbnailsDir: null,
  })
    .then((ingested) => {
      progress.step(file, ingested.notes)
      return ingested
    })
    .catch((error: unknown) => {
      throw namedFault(file, error)
    })
    .finally(progress.end)
  const bytes = encodeExchange({ name, ...facts, data: stored.data }, format)
  await target.write(bytes)
  process.stderr.write(`Wrote ${out}: ${facts.durationSeconds.toFixed(1)} s in ${bytes.length} bytes.\n`)
}
