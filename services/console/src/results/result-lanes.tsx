import './lanes.css'
import { TriangleAlert } from 'lucide'
import { lengthText, listText, numberText, percentText, spanText } from '../format/format.ts'
import { Icon } from '../parts/icon.tsx'
import { ObjectName } from '../parts/object-name.tsx'
import { coveredSeconds, type Detection, unknownSpans } from './lane-passages.ts'
import { resultTexts } from './result-texts.ts'

/** A stored video that shares passages with the query, and its library if several were searched. */
type FoundIn = Detection & { readonly dnaDbId?: string }

/**
 * What a search found: a bar of the query, a lane for each stored video that shares passages with it, best first, and
 * the seconds that no stored video has.
 */
export function ResultLanes({
  detections,
  durationSeconds,
  dnaDbId,
  reportFrom = 0.45,
}: {
  readonly detections: readonly FoundIn[]
  readonly durationSeconds: number
  /** The library of detections that name none. */
  readonly dnaDbId?: string
  /** The score from which the library reports pairs. */
  readonly reportFrom?: number
}) {
  const texts = resultTexts.value
  const sorted = [...detections].sort((a, b) => b.score - a.score)
  const unknown = unknownSpans(detections, durationSeconds)
  const length = Math.max(durationSeconds, 0.001)
  return (
    <div class="lanes">
      <div class="lane ax sm q">
        <span>{texts.query}</span>
        <span class="lane-axis">
          <span>0:00</span>
          <span>{lengthText(durationSeconds)}</span>
        </span>
        <span class="r hide-s">{texts.shares}</span>
        <span class="r">{texts.score}</span>
      </div>
      {sorted.map((detection) => (
        <Lane
          key={`${detection.dnaDbId ?? ''} ${detection.videoId}`}
          detection={detection}
          length={length}
          dnaDbId={detection.dnaDbId ?? dnaDbId ?? ''}
        />
      ))}
      {unknown.length > 0 && (
        <div class="lane sm q">
          <span>{texts.unknown}</span>
          <span class="track">
            {unknown.map(({ start, end }) => (
              <i
                key={start}
                class="gap"
                title={`${lengthText(start)}–${lengthText(end)}`}
                style={{ left: `${(start / length) * 100}%`, width: `${((end - start) / length) * 100}%` }}
              />
            ))}
          </span>
          <span class="unknown-spans">
            {listText(unknown.map(({ start, end }) => `${lengthText(start)}–${lengthText(end)}`))}
          </span>
        </div>
      )}
      <p class="sm q">
        <span class="tag pic">{texts.picture}</span> <span class="tag snd">{texts.sound}</span>{' '}
        {texts.threshold(reportFrom.toFixed(2))}
      </p>
    </div>
  )
}

function Lane({
  detection,
  length,
  dnaDbId,
}: {
  readonly detection: Detection
  readonly length: number
  readonly dnaDbId: string
}) {
  const texts = resultTexts.value
  const { matchId, object, videoId, score, segments, queryCoverage } = detection
  const href =
    matchId === null
      ? `/console/libraries/${encodeURIComponent(dnaDbId)}/videos/${encodeURIComponent(videoId)}`
      : `/console/matches/${encodeURIComponent(matchId)}`
  const passages = segments.map(
    ({ queryStart, queryEnd, refStart, refEnd, kind }) =>
      `${lengthText(queryStart)}–${lengthText(queryEnd)} = ${lengthText(refStart)}–${lengthText(refEnd)}, ${texts.kinds[kind]}`,
  )
  return (
    <div>
      <div class="lane">
        <span class="el">
          <ObjectName name={object} href={href} />
        </span>
        <span class="track" aria-hidden="true">
          {segments.map(({ queryStart, queryEnd, kind, weak }) => (
            <i
              key={`${queryStart} ${queryEnd} ${kind}`}
              class={`${kind} ${weak ? 'dim' : ''}`}
              style={{
                left: `${(queryStart / length) * 100}%`,
                width: `${((queryEnd - queryStart) / length) * 100}%`,
              }}
            />
          ))}
        </span>
        <span class="r sm q hide-s">
          {spanText(coveredSeconds(detection))} · {percentText(queryCoverage)}
        </span>
        <b class="r">{(score < 1 ? Math.min(score, 0.999) : 1).toFixed(3)}</b>
      </div>
      <details class="sm q">
        <summary>{texts.passages(segments.length)}</summary>
        <ol class="lane-list">
          {passages.map((passage) => (
            <li key={passage}>{passage}</li>
          ))}
        </ol>
      </details>
    </div>
  )
}

/** A warning that part of the library was not searched, if any was. */
export function MissingShards({ missingShards }: { readonly missingShards: readonly string[] }) {
  if (missingShards.length === 0) return null
  return (
    <p class="notice warn" role="status">
      <Icon of={TriangleAlert} />
      <span dir="auto">{resultTexts.value.partial(listText(missingShards))}</span>
    </p>
  )
}

/** How much was found and left out of the answer, if anything was. */
export function LeftOut({
  truncated,
}: {
  readonly truncated: { detections: number; segments: number } | null
}) {
  if (truncated === null) return null
  const { detections, segments } = truncated
  return <p class="q sm">{resultTexts.value.leftOut(numberText(detections), numberText(segments))}</p>
}
