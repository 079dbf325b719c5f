import type { Segment } from '@kinoprint/dna'
import type {
  CollectionFile,
  ContentMatch,
  FilePair,
  MatchedTracks,
  Passage,
  Relation,
} from './collection.ts'

/** Share of a file from which it counts as whole: cuts of logos and credits at either end leave more than this. */
const WHOLE_COVERAGE = 0.9
/** Share of the matching time in which sound must match too. Less is another sound track. */
const SOUND_SHARE = 0.5
/** Difference of two scores that outweighs the length of the query. */
const CLEAR_GAIN = 0.05

/** The relation of two files of different content by the match of the first with the second. */
export function relateFiles(a: CollectionFile, b: CollectionFile, match: ContentMatch): FilePair {
  const { queryCoverage, refCoverage, score } = match
  const segments = match.segments.filter(({ weak }) => !weak)
  return {
    ...{ a, b, score },
    relation: relationOf(queryCoverage, refCoverage),
    tracks: matchedTracks(segments, a.facts.hasAudio && b.facts.hasAudio),
    aCoverage: queryCoverage,
    bCoverage: refCoverage,
    passages: segments.map(passageOf),
  }
}

/** The pair of two files with the same bytes. */
export function identicalPair(a: CollectionFile, b: CollectionFile): FilePair {
  const [aEnd, bEnd] = [a.facts.durationSeconds, b.facts.durationSeconds]
  const kind = a.facts.hasAudio ? ('both' as const) : ('video' as const)
  const whole = { aStart: 0, aEnd, bStart: 0, bEnd, score: 1, kind, speed: 1 }
  return {
    ...{ a, b, relation: 'identical', tracks: 'both', score: 1, aCoverage: 1, bCoverage: 1 },
    passages: [{ ...whole, mirrored: false, turn: 0, reversed: false }],
  }
}

/**
 * The better of the matches of one pair of contents, one from each side. A clearly higher score wins; otherwise the
 * shorter query, whose times are more exact.
 */
export function betterMatch(
  one: ContentMatch,
  other: ContentMatch,
  secondsOf: (content: string) => number,
): ContentMatch {
  if (Math.abs(one.score - other.score) > CLEAR_GAIN) return one.score > other.score ? one : other
  const [mine, others] = [secondsOf(one.query), secondsOf(other.query)]
  if (mine !== others) return mine < others ? one : other
  return one.query < other.query ? one : other
}

function relationOf(aCoverage: number, bCoverage: number): Relation {
  const whole = [aCoverage, bCoverage].filter((share) => share >= WHOLE_COVERAGE).length
  return whole === 2 ? 'whole' : whole === 1 ? 'excerpt' : 'passages'
}

function matchedTracks(segments: readonly Segment[], comparesSound: boolean): MatchedTracks {
  if (segments.every(({ kind }) => kind === 'audio')) return 'sound'
  if (!comparesSound) return 'both'
  return secondsOf(segments.filter(({ kind }) => kind !== 'video')) < SOUND_SHARE * secondsOf(segments)
    ? 'pictures'
    : 'both'
}

function secondsOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { queryStart, queryEnd }) => sum + queryEnd - queryStart, 0)
}

function passageOf(segment: Segment): Passage {
  const { queryStart, queryEnd, refStart, refEnd, score, kind, speed, mirrored, turn, reversed } = segment
  const times = { aStart: queryStart, aEnd: queryEnd, bStart: refStart, bEnd: refEnd }
  return { ...times, score, kind, speed, mirrored, turn, reversed }
}
