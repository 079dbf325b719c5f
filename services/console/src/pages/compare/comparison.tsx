import './compare.css'
import { CircleAlert } from 'lucide'
import { useEffect } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import type { Side } from '../../matching/time-map.ts'
import { announce } from '../../parts/announce.tsx'
import { Bar } from '../../parts/bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IdState } from '../../parts/id-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { showToast } from '../../parts/toast.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { type Comparison, sending, stopComparison } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'
import { ComparisonResult } from './comparison-result.tsx'

const POLL_MS = 800

/** A comparison: its progress, then what it found. */
export default function ComparisonPage() {
  const { params } = useRoute()
  const comparisonId = params.comparisonId ?? ''
  const texts = compareTexts.value
  usePageTitle(texts.title)
  const { data, fault, reload } = useLoad(
    () => api.getComparison({ params: { comparisonId } }),
    comparisonId,
  ).value
  const comparison = data?.comparisonId === comparisonId ? data : undefined
  const hasEnded = comparison?.state === 'Success' || comparison?.state === 'Failed'
  useEffect(() => {
    if (hasEnded || fault !== undefined) return
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [data, hasEnded, fault, reload])
  const { result = null } = comparison ?? {}
  useEffect(() => {
    if (result !== null) announce(result.accepted ? texts.aCopy : texts.nothing)
  }, [result])
  if (comparison !== undefined && result !== null) {
    return <ComparisonResult key={comparisonId} comparison={comparison} result={result} />
  }
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        <a class="btn" href="/console/compare">
          {texts.another}
        </a>
      </header>
      <div class="body">
        {fault?.status === 404 && <IdState id={comparisonId} />}
        {fault !== undefined && fault.status !== 404 && <LoadFailed fault={fault} retry={reload} />}
        {fault === undefined && comparison !== undefined && <Progress comparison={comparison} />}
      </div>
    </>
  )
}

function Progress({ comparison }: { readonly comparison: Comparison }) {
  const texts = compareTexts.value
  const { route } = useLocation()
  const { comparisonId, state, stage, error } = comparison
  const own = sending.value?.comparisonId === comparisonId ? sending.value : null
  const lost = state === 'Uploading' && own === null ? texts.interrupted : ''
  const problem = error?.message ?? (own?.problem || lost)
  const stop = () =>
    stopComparison(comparisonId).then(
      () => route('/console/compare'),
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  return (
    <section class="card">
      <div class="in col progress-lines">
        <SideProgress comparison={comparison} side="query" sent={own?.sent.query} />
        <SideProgress comparison={comparison} side="reference" sent={own?.sent.reference} />
        {problem !== '' && (
          <p class="err" role="alert" dir="auto">
            <Icon of={CircleAlert} />
            {error?.side && `${texts.sides[error.side]}: `}
            {problem}
          </p>
        )}
        {state === 'Waiting' && <p class="q">{texts.waiting}</p>}
        {state === 'Running' && stage === 'match' && <p class="q">{texts.matching}</p>}
        {problem === '' && (
          <div class="row">
            <button type="button" class="btn" onClick={stop}>
              {texts.stop}
            </button>
          </div>
        )}
      </div>
    </section>
  )
}

function SideProgress(props: {
  readonly comparison: Comparison
  readonly side: Side
  readonly sent: number | undefined
}) {
  const { comparison, side, sent } = props
  const texts = compareTexts.value
  const { name, state, progress } = comparison[side]
  const isSending = comparison.state === 'Uploading' && sent !== undefined && sent < 1
  const step = isSending ? texts.steps.upload : texts.steps[state]
  return (
    <div class="col">
      <div class="row">
        <b>{texts.sides[side]}</b>
        <ObjectName name={name} />
        <span class="sp" />
        <span class="q nw">{step}</span>
      </div>
      <Bar value={isSending ? sent : progress} label={`${texts.sides[side]}: ${step}`} />
    </div>
  )
}
