import type { RouteAnswer } from '@kinoprint/contract'
import { evidenceJson, getLibrary, type Library, readEvidence, readFilmSource } from '@kinoprint/store'
import type { AdminContext } from '../handler.ts'
import { type ReportPictures, readReportPictures } from './report-pictures.ts'

/** The part of the evidence that a report shows. */
type ReportEvidence = {
  readonly thresholds: Readonly<Record<string, number>>
  readonly passages: readonly PassageEvidence[]
}

export type PassageEvidence = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly picture:
    | (Strip & { readonly rows: number; readonly alike: number; readonly medianBits: number | null })
    | null
  readonly sound: (Strip & { readonly items: number; readonly meanBits: number | null }) | null
}

type Strip = {
  readonly score: number
  /** In seconds. */
  readonly stepSeconds: number
  /** The query second of the first step. */
  readonly start: number
  /** Base64, one byte a step. */
  readonly bits: string
}

/** What a report shows. */
export type Report = {
  readonly match: RouteAnswer<'getMatch'>
  /** Null if it is not kept. */
  readonly evidence: ReportEvidence | null
  /** Null if it has been deleted. */
  readonly library: Library | null
  /** Null if they are left out. */
  readonly pictures: ReportPictures | null
  /** Of this server. */
  readonly version: string
  readonly fingerprintFormat: number
}

type Context = Pick<AdminContext, 'db' | 'objects' | 'stills' | 'thumbnailsDir' | 'version' | 'about'>

export type ReportRequest = {
  readonly match: RouteAnswer<'getMatch'>
  readonly pictures: 'show' | 'blur' | 'none'
  /** The address of the client. */
  readonly client: string
}

/** Collects what the report of a match shows. */
export async function readReport(
  { db, version, about, ...context }: Context,
  { match, pictures, client }: ReportRequest,
): Promise<Report> {
  const stored = await readEvidence(db, match.matchId)
  const source = pictures === 'none' ? null : await readFilmSource(db, match.matchId)
  const wanted = source && { match, source, client, isBlurred: pictures === 'blur' }
  return {
    match,
    evidence: stored ? (JSON.parse(await evidenceJson(stored)) as ReportEvidence) : null,
    library: await getLibrary(db, match.library.dnaDbId),
    pictures: wanted && (await readReportPictures(context, wanted)),
    version,
    fingerprintFormat: about.fingerprintFormat,
  }
}
