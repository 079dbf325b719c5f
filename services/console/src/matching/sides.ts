import { addressOf } from '../api/client.ts'
import { type FrameSource, frameSourceOf, type SpriteAddress } from './frame-source.ts'
import { isReadable, type Match, type MatchDetail, type ViewedPair, type ViewedSide } from './match.ts'
import type { Side } from './time-map.ts'

/**
 * Where the frames of both videos come from. With `files`, stills are requested only of files that are there.
 */
export function framesOf(
  match: Match,
  files?: Partial<MatchDetail['files']>,
): { readonly query: FrameSource; readonly reference: FrameSource } {
  const { query, reference, library } = match
  const isGone = (side: Side) => {
    const state = files?.[side]?.state
    return files !== undefined && (state === undefined || !isReadable({ file: state }))
  }
  const aspect = (of: { readonly width: number | null; readonly height: number | null }) =>
    of.width && of.height ? of.width / of.height : 16 / 9
  return {
    query: frameSourceOf(
      { ...query, aspect: aspect(query), isGone: isGone('query') },
      spriteOf(library.dnaDbId, query.videoId) ?? jobSpriteOf(query.jobId),
    ),
    reference: frameSourceOf(
      { ...reference, aspect: aspect(reference), isGone: isGone('reference') },
      spriteOf(library.dnaDbId, reference.videoId),
    ),
  }
}

/** Where the frames of a viewed pair come from. Missing thumbnails and files are not requested. */
export function framesOfPair(
  { query, reference }: ViewedPair,
  owners: Readonly<Record<Side, SpriteOwner>>,
): Readonly<Record<Side, FrameSource>> {
  return { query: framesOfSide(query, owners.query), reference: framesOfSide(reference, owners.reference) }
}

/** The stored video, or the job, whose thumbnails show a side. */
export type SpriteOwner = {
  readonly dnaDbId: string | null
  readonly videoId: string | null
  readonly jobId?: string
}

function framesOfSide(side: ViewedSide, { dnaDbId, videoId, jobId }: SpriteOwner): FrameSource {
  const { bucket, object, width, height, hasThumbnails = true } = side
  const sprite =
    (dnaDbId === null ? null : spriteOf(dnaDbId, videoId)) ??
    (jobId === undefined ? null : jobSpriteOf(jobId))
  const about = {
    bucket,
    object,
    aspect: width && height ? width / height : 16 / 9,
    isGone: !isReadable(side),
  }
  return frameSourceOf(about, hasThumbnails ? sprite : null)
}

function spriteOf(dnaDbId: string, videoId: string | null): SpriteAddress | null {
  if (videoId === null) return null
  const params = { dnaDbId, videoId }
  return { image: addressOf('getSprite', { params }), index: addressOf('getSpriteIndex', { params }) }
}

function jobSpriteOf(jobId: string): SpriteAddress {
  const params = { jobId }
  return { image: addressOf('getJobSprite', { params }), index: addressOf('getJobSpriteIndex', { params }) }
}
