import '../match/match.css'
import { ArrowLeftRight, ChevronLeft } from 'lucide'
import { useEffect, useMemo } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { addressOf } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { evidenceOf, lineOfEvidence, readComparisonEvidence } from '../../matching/evidence.ts'
import { scoreText } from '../../matching/format.ts'
import type { ViewedPair } from '../../matching/match.ts'
import { PairNames } from '../../matching/pair-names.tsx'
import { Hatch } from '../../matching/ribbons.tsx'
import { framesOfPair } from '../../matching/sides.ts'
import { locale } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { showToast } from '../../parts/toast.tsx'
import { DotPlot } from '../match/dot-plot.tsx'
import { Moments } from '../match/moments.tsx'
import { Passages } from '../match/passages.tsx'
import { Stage } from '../match/stage.tsx'
import { Timeline } from '../match/timeline.tsx'
import { Viewer } from '../match/viewer.ts'
import { useViewerKeys } from '../match/viewer-keys.ts'
import { Why } from '../match/why.tsx'
import { type Comparison, swapComparison } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'

type Result = NonNullable<Comparison['result']>
type Props = { readonly comparison: Comparison; readonly result: Result }

/** What a comparison found, in the viewer of matches without decisions. */
export function ComparisonResult({ comparison, result }: Props) {
  const texts = compareTexts.value
  const { comparisonId } = comparison
  const pair = useMemo(() => pairOf(comparison, result), [comparisonId])
  const viewer = useMemo(() => new Viewer(pair), [pair])
  useEffect(() => () => viewer.close(), [viewer])
  useViewerKeys(viewer)
  const sources = useMemo(
    () => framesOfPair(pair, { query: comparison.query, reference: comparison.reference }),
    [pair],
  )
  const evidence = useLoad(() => readComparisonEvidence(comparisonId), comparisonId).value
  useEffect(() => {
    viewer.evidence.value = evidence.data
    const lines = pair.passages.map((passage) => lineOfEvidence(evidenceOf(passage, evidence.data)))
    viewer.players.load(pair.passages, lines, viewer.durations)
  }, [evidence.data, viewer])
  const index = viewer.players.selected.value
  const { passage, found } = viewer
  return (
    <>
      <Hatch />
      <ResultHead comparison={comparison} />
      <div class="vg">
        <div class="vl">
          <Stage viewer={viewer} sources={sources} />
          <Timeline viewer={viewer} sources={sources} />
          {evidence.data !== undefined && passage !== undefined && found !== undefined && (
            <Moments {...{ viewer, sources, index, passage, found }} evidence={evidence.data} />
          )}
          {evidence.data !== undefined && (
            <div class="low alone">
              <DotPlot viewer={viewer} evidence={evidence.data} />
            </div>
          )}
          {evidence.fault !== undefined && <p class="ev q">{evidence.fault.message}</p>}
        </div>
        <aside class="vr" aria-label={texts.details}>
          <ComparisonVerdict result={result} />
          {pair.passages.length > 0 && <Passages viewer={viewer} />}
          {evidence.data !== undefined && passage !== undefined && (
            <Why {...{ index, passage, found }} evidence={evidence.data} />
          )}
        </aside>
      </div>
    </>
  )
}

function ResultHead({ comparison }: { readonly comparison: Comparison }) {
  const texts = compareTexts.value
  const { query, reference, expiresAt } = comparison
  const { route } = useLocation()
  const swap = () =>
    swapComparison(comparison).then(
      (comparisonId) => route(`/console/compare/${comparisonId}`),
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  const until = new Intl.DateTimeFormat(locale.value, { timeStyle: 'short' }).format(new Date(expiresAt))
  return (
    <header class="vh">
      <a class="btn gh" href="/console/compare" aria-label={texts.another}>
        <Icon of={ChevronLeft} />
        <span class="hide-s">{texts.another}</span>
      </a>
      <div class="col sp names">
        <h1 class="row g4">
          <PairNames query={query.name} reference={reference.name} />
        </h1>
        <div class="sm q el">{texts.keptUntil(until)}</div>
      </div>
      {query.source !== 'upload' && reference.source !== 'upload' && (
        <button type="button" class="btn" title={texts.again} aria-label={texts.again} onClick={swap}>
          <Icon of={ArrowLeftRight} />
        </button>
      )}
    </header>
  )
}

function ComparisonVerdict({ result }: { readonly result: Result }) {
  const texts = compareTexts.value
  const { accepted, score, threshold, queryCoverage, refCoverage, segments, why } = result
  const whyNot =
    why === null || why.reason === 'nothing'
      ? texts.whyNothing
      : texts.whyWeak(why.seconds.toFixed(1), scoreText(why.lacks))
  return (
    <section class="vsec">
      <div class="verdict">
        <span class="big">{scoreText(score)}</span>
        <span class="row wrap">
          <span class="b">{accepted ? texts.aCopy : texts.nothing}</span>
          <span class="tag">{texts.scoreFrom(threshold.toFixed(2))}</span>
        </span>
        <span class="q">
          {accepted
            ? texts.found({
                passages: segments.filter(({ weak }) => !weak).length,
                query: Math.round(100 * queryCoverage),
                reference: Math.round(100 * refCoverage),
              })
            : whyNot}
        </span>
      </div>
    </section>
  )
}

/** The pair as the viewer shows it. What is below the threshold counts as weak: it is drawn faint. */
function pairOf({ comparisonId, query, reference }: Comparison, result: Result): ViewedPair {
  const params = { comparisonId }
  const side = (of: Comparison['query'], address: string) => ({
    ...of,
    durationSeconds: of.durationSeconds ?? 0,
    width: null,
    height: null,
    hasThumbnails: of.thumbnails,
    address,
  })
  return {
    query: side(query, addressOf('getComparisonQuery', { params })),
    reference: side(reference, addressOf('getComparisonReference', { params })),
    passages: result.segments.map((segment) => ({
      ...segment,
      weak: segment.weak || !result.accepted,
      ignored: null,
      cutFrom: null,
    })),
  }
}
