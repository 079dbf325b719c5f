import { type Tracks, withTracks } from '@kinoprint/dna'
import { writeThumbnails } from '@kinoprint/media'
import { type Decoded, decodeFile, probeFile } from './decode-file.ts'
import { searchQueryOf, storedPartsOf, videoFactsOf } from './fingerprint-parts.ts'
import { shareFingerprint } from './share-fingerprint.ts'
import type {
  FileInput,
  FingerprintedFile,
  IngestedFile,
  IngestInput,
  QueriedFile,
  QueryInput,
  TaskOptions,
} from './tasks.ts'

/** Decodes a file once for a library, with its thumbnails. */
export async function runIngestTask(input: IngestInput, options: TaskOptions): Promise<IngestedFile> {
  const { asQuery, thumbnailsDir } = input
  const info = await probeFile(input, options)
  const decoded = await decodeFile({ ...input, takeThumbnails: thumbnailsDir !== null }, options, info)
  const { fingerprint, notes } = decoded
  return {
    facts: videoFactsOf(fingerprint, decoded),
    notes,
    stored: storedPartsOf(fingerprint),
    query: asQuery ? searchQueryOf(fingerprint) : null,
    thumbnailsFailure: await makeThumbnails(decoded, thumbnailsDir),
  }
}

/** Why they could not be created; null on success, or without a folder. No job fails for it. */
export async function makeThumbnails(
  { thumbnails, thumbnailPlan }: Pick<Decoded, 'thumbnails' | 'thumbnailPlan'>,
  folder: string | null,
): Promise<string | null> {
  if (thumbnails === null || folder === null) return null
  return writeThumbnails(thumbnails, folder, { plan: thumbnailPlan }).then(() => null, String)
}

/** Decodes a whole file for comparison with another one. */
export async function runFingerprintTask(input: FileInput, options: TaskOptions): Promise<FingerprintedFile> {
  const decoded = await decodeAsQuery(input, options)
  const { fingerprint, notes } = decoded
  return { facts: videoFactsOf(fingerprint, decoded), notes, fingerprint: shareFingerprint(fingerprint) }
}

/** Decodes a whole file with which a library is searched. */
export async function runQueryTask(input: QueryInput, options: TaskOptions): Promise<QueriedFile> {
  return queriedFileOf(await decodeAsQuery(input, options), input.tracks)
}

export function queriedFileOf(
  decoded: Pick<Decoded, 'info' | 'fingerprint' | 'frameCount' | 'notes'>,
  tracks: Tracks = 'both',
): QueriedFile {
  const { fingerprint, notes } = decoded
  return {
    facts: videoFactsOf(fingerprint, decoded),
    notes,
    query: searchQueryOf(withTracks(fingerprint, tracks)),
  }
}

async function decodeAsQuery(input: FileInput, options: TaskOptions): Promise<Decoded> {
  const info = await probeFile(input, options)
  return decodeFile({ ...input, asQuery: true, takeThumbnails: false }, options, info)
}
