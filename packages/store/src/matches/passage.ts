import { type Alteration, alterations } from '@kinoprint/core'
import type { Segment } from '@kinoprint/dna'

/** A segment of a match, and what later steps add to it. */
export type Passage = Segment & {
  /** The ignored passage within which it is; null or absent if none. */
  readonly ignored?: string | null | undefined
  /** The times of the segment before an ignored passage divided it; absent if it is whole. */
  readonly cutFrom?: Pick<Segment, 'queryStart' | 'queryEnd' | 'refStart' | 'refEnd'> | null | undefined
}

/** Facts of the passages that count: those neither weak nor ignored. */
export type PassageFacts = {
  /** Decimal seconds of the query that they cover. */
  readonly similarSeconds: number
  readonly hasPicture: boolean
  readonly hasSound: boolean
  readonly alterations: readonly Alteration[]
  /** The speed that differs most from 1. */
  readonly speed: number
  readonly passageCount: number
  /** Whether none counts because of ignored passages. */
  readonly ignored: boolean
}

/** Clocks of cameras and frame rates such as 29.97 differ by less. */
const SPEED_TOLERANCE = 0.01

/** Whether a passage counts: neither weak nor ignored. */
export function isCounted({ weak, ignored = null }: Passage): boolean {
  return !weak && ignored === null
}

export function factsOf(passages: readonly Passage[]): PassageFacts {
  const counted = passages.filter(isCounted)
  const found = new Set(counted.flatMap(alterationsOf))
  return {
    similarSeconds: coveredSeconds(counted),
    hasPicture: counted.some(({ kind }) => kind !== 'audio'),
    hasSound: counted.some(({ kind }) => kind !== 'video'),
    alterations: alterations.filter((name) => found.has(name)),
    speed: counted.reduce(
      (most, { speed }) => (Math.abs(Math.log(speed)) > Math.abs(Math.log(most)) ? speed : most),
      1,
    ),
    passageCount: counted.length,
    ignored: counted.length === 0 && passages.some(({ ignored = null }) => ignored !== null),
  }
}

function alterationsOf({ mirrored, turn, reversed, speed, part }: Passage): Alteration[] {
  const holds: Record<Alteration, boolean> = {
    mirrored,
    turned: turn !== 0,
    reversed,
    speed: Math.abs(speed - 1) > SPEED_TOLERANCE,
    part: part !== 'whole',
  }
  return alterations.filter((name) => holds[name])
}

/** The length of the union of the passages in the query, in decimal seconds. */
function coveredSeconds(passages: readonly Passage[]): number {
  let covered = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const { queryStart, queryEnd } of [...passages].sort((a, b) => a.queryStart - b.queryStart)) {
    covered += Math.max(0, queryEnd - Math.max(reached, queryStart))
    reached = Math.max(reached, queryEnd)
  }
  return Math.round(covered * 1000) / 1000
}
