import type { Fingerprint } from '../fingerprint.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import type { PairMatch, Segment, Turn } from './segment.ts'
import { speedOf } from './segment-of.ts'

/** So much higher must the score be with the longer video as the query for that way to be taken. */
const CLEARLY_MORE = 0.05

/**
 * Finds what two videos share, where neither is the library's: the answer for (b, a) is the answer for (a, b) with its
 * sides changed. Each is asked for in the other, with all the views that a query has; the shorter one as the query
 * tells the times better.
 *
 * @example
 * const { segments } = compareFingerprints(a, b) // queryStart lies in a, refStart in b
 */
export function compareFingerprints(a: Fingerprint, b: Fingerprint): PairMatch {
  const isInOrder = order(a, b) <= 0
  const [short, long] = isInOrder ? [a, b] : [b, a]
  const there = matchFingerprints(short, long)
  const back = matchFingerprints(long, short)
  const isBack = back.score > there.score + CLEARLY_MORE || (back.accepted && !there.accepted)
  return isBack === isInOrder ? swapped(isBack ? back : there) : isBack ? back : there
}

/** Below zero where `a` comes first: the shorter one, of equally long ones any that both orders agree on. */
function order(a: Fingerprint, b: Fingerprint): number {
  return (
    a.durationSeconds - b.durationSeconds ||
    orderOf(a.video.hashes, b.video.hashes) ||
    orderOf(a.audio?.items ?? new Uint32Array(), b.audio?.items ?? new Uint32Array())
  )
}

function orderOf(a: Uint32Array, b: Uint32Array): number {
  const at = a.findIndex((word, i) => word !== b[i])
  return at < 0 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1)
}

/** The same with the reference as the query. */
function swapped({ queryCoverage, refCoverage, segments, ...match }: PairMatch): PairMatch {
  return {
    ...match,
    queryCoverage: refCoverage,
    refCoverage: queryCoverage,
    segments: segments
      .map(swappedSegment)
      .sort((a, b) => a.queryStart - b.queryStart || a.refStart - b.refStart),
  }
}

function swappedSegment(segment: Segment): Segment {
  const { queryStart, queryEnd, refStart, refEnd, speed, mirrored, turn } = segment
  return {
    ...segment,
    queryStart: refStart,
    queryEnd: refEnd,
    refStart: queryStart,
    refEnd: queryEnd,
    speed: speedOf(1 / speed, 1000 * (refEnd - refStart)),
    // Mirroring and then turning is undone by the same again, a turn alone by the opposite one.
    turn: mirrored ? turn : (((360 - turn) % 360) as Turn),
  }
}
