import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { blurPicture } from '@kinoprint/media'
import type { FilmSource } from '@kinoprint/store'
import { type FilmContext, filmTimes, makeFilm, readFrames } from '../../pictures/film.ts'

type Match = RouteAnswer<'getMatch'>
type Passage = Match['passages'][number]
type Side = 'query' | 'reference'

/** Frames of a filmstrip, which covers the whole video. */
const FILM_FRAMES = 12
/** Passages with a pair of stills: the longest ones. A still takes about 15 kB, and a report at most 2 MB. */
const MAX_PAIRS = 40
const STILL_WIDTH = 240

/** The pictures of one side as JPEG files in base64. */
type SidePictures = {
  /** Frames of the whole video side by side; null if the file is gone and has no thumbnails. */
  readonly film: string | null
  /** The middle of each chosen passage, by its index. */
  readonly stills: ReadonlyMap<number, string>
}

export type ReportPictures = { readonly [Name in Side]: SidePictures }

export type PictureRequest = {
  readonly match: Match
  readonly source: FilmSource
  /** The address of the client. */
  readonly client: string
  readonly isBlurred: boolean
}

/** Reads the pictures of a report. Sides whose pictures are gone have none; too much load is a Fault. */
export async function readReportPictures(
  context: FilmContext,
  request: PictureRequest,
): Promise<ReportPictures> {
  const query = await readSide(context, 'query', request)
  return { query, reference: await readSide(context, 'reference', request) }
}

async function readSide(
  context: FilmContext,
  name: Side,
  { match, source, client, isBlurred }: PictureRequest,
): Promise<SidePictures> {
  const side = source[name]
  const encode = async (picture: Buffer): Promise<string> =>
    (isBlurred ? await blurPicture(picture) : picture).toString('base64')
  const chosen = longest(match.passages)
  const middles = chosen.map((index) => middleOf(match.passages[index], name))
  try {
    const times = filmTimes({ start: 0, end: match[name].durationSeconds }, FILM_FRAMES)
    const film = await makeFilm(context, { side, times, client })
    const frames = await readFrames(context, { side, times: middles, client, width: STILL_WIDTH })
    const stills = await Promise.all(frames.map(encode))
    const pairs = chosen.map((passage, at) => [passage, stills[at] ?? ''] as const)
    return { film: await encode(film), stills: new Map(pairs) }
  } catch (error) {
    if (error instanceof Fault && error.code === 'NotFound') return { film: null, stills: new Map() }
    throw error
  }
}

/** The indices of the longest passages, at most MAX_PAIRS. */
function longest(passages: readonly Passage[]): number[] {
  const secondsOf = ({ queryStart, queryEnd }: Passage): number => queryEnd - queryStart
  return passages
    .map((passage, index) => ({ index, seconds: secondsOf(passage) }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, MAX_PAIRS)
    .map(({ index }) => index)
}

function middleOf(passage: Passage | undefined, name: Side): number {
  if (passage === undefined) return 0
  const { queryStart, queryEnd, refStart, refEnd } = passage
  return name === 'query' ? (queryStart + queryEnd) / 2 : (refStart + refEnd) / 2
}
