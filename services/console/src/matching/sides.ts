import { addressOf } from '../api/client.ts'
import { type FrameSource, frameSourceOf, type SpriteAddress } from './frame-source.ts'
import type { Match } from './match.ts'

/** Where the frames of both videos come from. */
export function framesOf(match: Match): { readonly query: FrameSource; readonly reference: FrameSource } {
  const { query, reference, library } = match
  const aspect = (of: { readonly width: number | null; readonly height: number | null }) =>
    of.width && of.height ? of.width / of.height : 16 / 9
  return {
    query: frameSourceOf(
      { ...query, aspect: aspect(query) },
      spriteOf(library.dnaDbId, query.videoId) ?? jobSpriteOf(query.jobId),
    ),
    reference: frameSourceOf(
      { ...reference, aspect: aspect(reference) },
      spriteOf(library.dnaDbId, reference.videoId),
    ),
  }
}

/** Where the frames of one side come from: decoded, or the thumbnails of a stored video. */
export function framesOfSide(
  about: { readonly bucket: string; readonly object: string },
  stored: { readonly dnaDbId: string | null; readonly videoId: string | null },
): FrameSource {
  const sprite = stored.dnaDbId === null ? null : spriteOf(stored.dnaDbId, stored.videoId)
  return frameSourceOf({ ...about, aspect: 16 / 9 }, sprite)
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
