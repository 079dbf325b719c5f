import { AUDIO_VARIANTS, type AudioVariant, variantItems } from '../../audio/audio-variants.ts'
import { type AudioTimeline, audioTimelineOf, timelineOfItems } from '../../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { SPEEDS } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { alignAudio } from './align-audio.ts'
import { type Anchor, fitVariant, type QuerySpectra } from './fit-variant.ts'

/** Weight of evidence from a variant, since there are many and one of them may fit by chance. */
const VARIANT_SHARE = 0.75
/** Time compared before and after a seed to find the pitch and the speed. */
const REACH_MS = 6000
/** Evidence around a seed, of its own variant, from which others near it are tried; chance reaches 3. */
const MIN_SEED_EVIDENCE = 4
/** Evidence around a seed from which the whole is aligned. */
const MIN_EVIDENCE = 9
/** Number of seeds around which further variants are tried. */
const MAX_FITS = 2
/** Pitches that are tried around that of a seed, in semitones. */
const NEAR_SEMITONES = [0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75]
/** Rates that are tried with a variant at another speed. */
const NEAR_RATES = [1, 0.99, 1.01, 0.98, 1.02]
const FINE_RATES = [1, 0.9975, 1.0025]
/** Speeds are usually multiples of this. */
const SPEED_STEP = 0.01
const NEAR_STEPS = [0, -1, 1, -2, 2]

type Fit = { readonly variant: AudioVariant; readonly evidence: number; readonly anchor: Anchor }
type Audio = QuerySpectra & { readonly durationMs: number }

/**
 * Returns segments whose audio matches at another pitch, which is that of a seed or near it. Times are those of the
 * query.
 */
export function alignAudioVariants(
  query: Audio,
  ref: AudioTimeline,
  seeds: readonly SeedAlignment[],
): TrackSegment[] {
  const likely = seeds
    .flatMap((seed) => fitSeed(query, ref, seed) ?? [])
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, MAX_FITS)
  const fit = likely
    .flatMap(({ anchor, variant }) => {
      const variants = nearVariants(variant)
      return bestFit(query, ref, { variants, anchor, reachMs: REACH_MS }) ?? []
    })
    .sort((a, b) => b.evidence - a.evidence)[0]
  if (!fit || fit.evidence < MIN_EVIDENCE) return []
  const { variant } = fit
  return variant.speed === 1
    ? alignVariant(query, ref, { variant, rates: SPEEDS })
    : refineSpeed(query, ref, alignVariant(query, ref, { variant, rates: NEAR_RATES }))
}

/** Whether a seed that was found with a variant of the audio also fits around it. */
export function fitsVariant(query: Fingerprint, ref: Fingerprint, seed: SeedAlignment): boolean {
  const other = audioTimelineOf(ref)
  const { spectra, startMs = 0 } = query.audio ?? {}
  return !!other && !!spectra && fitSeed({ spectra, startMs }, other, seed) !== null
}

/** The fit of the seed's own variant; null if it is no better than by chance. */
function fitSeed(
  query: QuerySpectra,
  ref: AudioTimeline,
  { audioVariant, ...anchor }: SeedAlignment,
): Fit | null {
  const variant = audioVariant === undefined ? undefined : AUDIO_VARIANTS[audioVariant]
  if (!variant) return null
  const fit = fitVariant(query, ref, { variant, anchor, reachMs: REACH_MS })
  return fit.evidence < MIN_SEED_EVIDENCE ? null : { ...fit, variant }
}

/** Variants near the pitch of another one, at normal speed and at that of the pitch. */
function nearVariants({ pitch }: AudioVariant): AudioVariant[] {
  return NEAR_SEMITONES.flatMap((semitones) => {
    const near = pitch * 2 ** (semitones / 12)
    return [
      { pitch: near, speed: 1 },
      { pitch: near, speed: near },
    ]
  })
}

function bestFit(
  query: Audio,
  ref: AudioTimeline,
  {
    variants,
    anchor,
    reachMs,
  }: { readonly variants: readonly AudioVariant[]; readonly anchor: Anchor; readonly reachMs: number },
): Fit | undefined {
  return variants
    .map((variant) => ({ variant, ...fitVariant(query, ref, { variant, anchor, reachMs }) }))
    .sort((a, b) => b.evidence - a.evidence)[0]
}

/** Aligns again at the speed, in whole hundredths, that fits best over the length of the strongest segment. */
function refineSpeed(query: Audio, ref: AudioTimeline, rough: TrackSegment[]): TrackSegment[] {
  const strongest = [...rough].sort((a, b) => b.evidence - a.evidence)[0]
  if (!strongest) return rough
  const { queryStartMs, queryEndMs, refStartMs, refEndMs, rate } = strongest
  const anchor = { queryMs: (queryStartMs + queryEndMs) / 2, refMs: (refStartMs + refEndMs) / 2 }
  const variants = NEAR_STEPS.map((step) => {
    const speed = Math.round(100 * (rate + step * SPEED_STEP)) / 100
    return { pitch: speed, speed }
  })
  const fit = bestFit(query, ref, { variants, anchor, reachMs: (queryEndMs - queryStartMs) / 2 })
  if (!fit) return rough
  const exact = alignVariant(query, ref, { variant: fit.variant, rates: FINE_RATES })
  return evidenceOf(exact) >= evidenceOf(rough) ? exact : rough
}

function alignVariant(
  { spectra, startMs, durationMs }: Audio,
  ref: AudioTimeline,
  { variant, rates }: { readonly variant: AudioVariant; readonly rates: readonly number[] },
): TrackSegment[] {
  const { speed } = variant
  const timeline = timelineOfItems({
    startMs: startMs * speed,
    durationMs: durationMs * speed,
    items: variantItems(spectra, variant).items,
  })
  return alignAudio(timeline, ref, { rates }).map((segment) => ({
    ...segment,
    queryStartMs: segment.queryStartMs / speed,
    queryEndMs: segment.queryEndMs / speed,
    rate: segment.rate * speed,
    evidence: segment.evidence * VARIANT_SHARE,
  }))
}

/** Total evidence of some segments. */
export function evidenceOf(segments: readonly TrackSegment[]): number {
  return segments.reduce((sum, { evidence }) => sum + evidence, 0)
}
