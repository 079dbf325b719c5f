import type { RouteAnswer } from '@kinoprint/contract'

/** A row of the review queue. */
export type Match = RouteAnswer<'listMatches'>['items'][number]

/** A match with all its passages and its history. */
export type MatchDetail = RouteAnswer<'getMatch'>

export type Passage = Match['passages'][number]

/** A side of a pair that the viewer shows. */
export type ViewedSide = Pick<
  Match['query'],
  'bucket' | 'object' | 'durationSeconds' | 'hasAudio' | 'videoId'
> & {
  readonly width: number | null
  readonly height: number | null
  /** What to call it, if its object's name says nothing. */
  readonly name?: string
  /** Where the player reads it, if not as an object. */
  readonly address?: string
  /** Whether its file is there: without it, only thumbnails are shown. Default: unknown. */
  readonly file?: MatchDetail['files']['query']['state']
  /** Default: true. */
  readonly hasThumbnails?: boolean
  /** The name that ffprobe gives the codec of the picture. Default: unknown. */
  readonly codec?: string | null
}

/** Whether the file of a side can be read. */
export function isReadable({ file }: Pick<ViewedSide, 'file'>): boolean {
  return file !== 'gone' && file !== 'replaced'
}

/** Two videos and their passages: a match, or a comparison. */
export type ViewedPair = {
  readonly query: ViewedSide
  readonly reference: ViewedSide
  readonly passages: readonly Passage[]
}

/** Whether what takes a passage away is a held passage, rather than one that a person ignores. */
export function isHeld(ignoredId: string): boolean {
  return ignoredId.startsWith('hp')
}

/** Whether a passage counts towards the match. */
export function counts({ weak, ignored }: Passage): boolean {
  return !weak && ignored === null
}
