import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { FIRST_QUERY_VIEW, isGuess, isRectangle, isUncut, shownParts } from '../video/query-views.ts'
import { dropEchoes } from './drop-echoes.ts'
import { joinTracks } from './join-tracks.ts'
import { matchPictures } from './match-pictures.ts'
import { matchSound } from './match-sound.ts'
import { pairScore } from './pair-score.ts'
import { durationMsOf, pictureLaneOf } from './picture-lane.ts'
import type { PictureTracks } from './presentations.ts'
import type { PairMatch, Segment, TrackRun } from './segment.ts'
import { segmentOf } from './segment-of.ts'
import { soundLaneOf } from './sound-lane.ts'
import { settleStillRuns } from './still-runs.ts'
import { withoutWeak } from './without-weak.ts'

/** Score from which a pair is reported; the strongest wrong pair of the accuracy bench (312 queries) reaches .37. */
export const ACCEPT_SCORE = 0.45

/**
 * Finds what a query shares with a reference: passages whose pictures, sound or both agree over time. Pure and
 * deterministic; takes milliseconds for a clip and up to a few seconds for two videos of half an hour.
 *
 * Where nothing is proven there are no segments, unless `leads` asks for the likeliest place all the same: its score
 * is far below ACCEPT_SCORE.
 *
 * @example
 * const match = matchFingerprints(query, reference)
 * if (match.accepted) for (const { queryStart, refStart } of match.segments) report(queryStart, refStart)
 */
export function matchFingerprints(
  query: Fingerprint,
  ref: Fingerprint,
  { leads = false }: { leads?: boolean } = {},
): PairMatch {
  const tracks = [tracksOf(query), tracksOf(ref)] as const
  const querySound = soundLaneOf(query)
  const refSound = soundLaneOf(ref)
  let sounds = querySound && refSound ? dropEchoes(matchSound(querySound, refSound)) : []
  let pictures = dropEchoes(matchPictures(...tracks, { heard: sounds }))
  if (leads && pictures.length === 0 && sounds.length === 0) {
    pictures = matchPictures(...tracks, { asLead: true }).slice(0, 1)
    sounds = querySound && refSound ? matchSound(querySound, refSound, { asLead: true }).slice(0, 1) : []
  }
  const lengths = { queryMs: durationMsOf(query.durationSeconds), refMs: durationMsOf(ref.durationSeconds) }
  const settled = settleStillRuns(pictures, sounds, { query: querySound, ref: refSound, lengths })
  const passages = joinTracks(settled, sounds, lengths)
  const score = pairScore(passages)
  const accepted = score >= ACCEPT_SCORE
  const segments = accepted ? withoutWeak(passages.map(segmentOf)) : passages.map(segmentOf)
  return {
    score: Math.round(score * 1e4) / 1e4,
    similar: segments.some(({ kind }) => kind !== 'audio') ? percent(1 - 2 * differenceOf(pictures)) : 0,
    audioSimilar: segments.some(({ kind }) => kind !== 'video') ? percent(1 - 2 * differenceOf(sounds)) : 0,
    queryCoverage: coverage(segments, { of: query.durationSeconds, side: querySide }),
    refCoverage: coverage(segments, { of: ref.durationSeconds, side: refSide }),
    segments,
    accepted,
  }
}

function tracksOf({ video, views = [], durationSeconds }: Fingerprint): PictureTracks {
  const laneOf = (view: Omit<VideoTrack, 'picture'>) => pictureLaneOf(view, durationSeconds)
  const uncut = views.find(({ cut }) => isUncut(cut))
  return {
    whole: laneOf(video),
    views: new Map(views.filter(({ cut }) => cut < FIRST_QUERY_VIEW).map((view) => [view.cut, laneOf(view)])),
    guesses: views.filter(({ cut }) => isGuess(cut)).map(laneOf),
    rectangles: views.filter(({ cut }) => isRectangle(cut)).map(laneOf),
    parts: views.flatMap((view) => {
      const lane = laneOf(view)
      return shownParts(view.cut).map((part) => ({ ...part, lane }))
    }),
    uncut: uncut ? laneOf(uncut) : null,
  }
}

/**
 * Mean share of differing bits over all runs, each by its length; .5, what unrelated hashes have, where there is
 * none. So `similar` is 100 for equal hashes, 76 where 31 of 256 bits differ, and 0 without a match.
 */
function differenceOf(runs: readonly TrackRun[]): number {
  let sum = 0
  let length = 0
  for (const run of runs) {
    sum += run.difference * (run.queryEndMs - run.queryStartMs)
    length += run.queryEndMs - run.queryStartMs
  }
  return length > 0 ? sum / length : 0.5
}

function percent(share: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, share)))
}

type Interval = readonly [number, number]

function querySide({ queryStart, queryEnd }: Segment): Interval {
  return [queryStart, queryEnd]
}

function refSide({ refStart, refEnd }: Segment): Interval {
  return [refStart, refEnd]
}

/** Part of a duration that the union of the segments covers, 0..1. */
function coverage(
  segments: readonly Segment[],
  { of, side }: { of: number; side: (segment: Segment) => Interval },
): number {
  if (!(of > 0)) return 0
  let covered = 0
  let end = 0
  for (const [from, to] of segments.map(side).sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return Math.min(1, covered / of)
}
