import { Fault } from '@kinoprint/core'
import { fingerprintFile, type OpenFile, readStoredFingerprint } from '@kinoprint/engine'
import { type ComparisonReading, type ComparisonSource, getVideo } from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'
import { openContent } from '../jobs/stored-sources.ts'

export type SideFingerprint = {
  readonly fingerprint: NonNullable<Awaited<ReturnType<typeof readStoredFingerprint>>>
  /** Reads the file again: of a stored video, if it still has the content that was stored. */
  readonly open: OpenFile
}

export type ReadSideOptions = {
  readonly signal: AbortSignal
  /** Called as the side is read. */
  readonly report: (reading: ComparisonReading) => void
}

/** The fingerprint of one side: of a stored video the stored one, otherwise that of its file. */
export function readSide(
  context: JobContext,
  source: ComparisonSource,
  options: ReadSideOptions,
): Promise<SideFingerprint> {
  return source.source === 'video' ? readVideo(context, source, options) : readFile(context, source, options)
}

async function readVideo(
  context: JobContext,
  { dnaDbId, videoId, name }: ComparisonSource,
  { signal, report }: ReadSideOptions,
): Promise<SideFingerprint> {
  const video = await getVideo(context.db, { dnaDbId: dnaDbId ?? '', videoId: videoId ?? '' })
  if (video === null) throw new Fault('NotFound', `The stored video ${name} has been deleted.`)
  const fingerprint = await readStoredFingerprint(context, video, { signal })
  if (fingerprint === null)
    throw new Fault(
      'ResourceNotSupported',
      `The fingerprint of ${name} cannot be read. Store the video again.`,
    )
  report({ progress: 1, durationSeconds: video.durationSeconds, hasAudio: video.hasAudio })
  return { fingerprint, open: openContent(context.objects, video) }
}

async function readFile(
  context: JobContext,
  { bucket, object }: ComparisonSource,
  { signal, report }: ReadSideOptions,
): Promise<SideFingerprint> {
  const file = await context.objects.fetch(bucket, object, { signal })
  try {
    const { fingerprint, facts } = await fingerprintFile(context, file.openPath ?? file.path, {
      signal,
      onProgress: (_stage, progress) => report({ progress, durationSeconds: null, hasAudio: null }),
    })
    const { durationSeconds, hasAudio } = facts
    report({ progress: 1, durationSeconds, hasAudio })
    return { fingerprint, open: openContent(context.objects, { bucket, object, etag: file.etag }) }
  } finally {
    await file.release()
  }
}
