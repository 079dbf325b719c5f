import { needs } from '../../api/role.ts'
import '../../styles/libraries.css'
import { ArrowLeftRight, CircleAlert } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { Side } from '../../matching/time-map.ts'
import { announce } from '../../parts/announce.tsx'
import { Icon } from '../../parts/icon.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { isChosen, type SideChoice, type Sides, startComparison } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'
import { RecentComparisons } from './recent-comparisons.tsx'
import { SideField } from './side-field.tsx'
import { isComparable, sidesOfId } from './sides-of-id.ts'

const nothing: SideChoice = { kind: 'file', file: null, bucket: '', object: '', dnaDbId: '', videoId: '' }

/** Two videos to compare: files, objects or stored videos. */
export default function Compare() {
  const texts = compareTexts.value
  usePageTitle(texts.title)
  const { route } = useLocation()
  const { libraries = [] } = useLibraryNames()
  const [chosen, setChosen] = useState<Sides>({ query: nothing, reference: nothing })
  const [isStarting, setStarting] = useState(false)
  const [problem, setProblem] = useState('')
  const change = (side: Side) => (fields: Partial<SideChoice>) =>
    setChosen((now) => ({ ...now, [side]: { ...now[side], ...fields } }))
  const fill = (id: string, side: Side) =>
    sidesOfId(id, side).then(
      (found) => {
        setProblem('')
        if (found.query) change('query')(found.query)
        if (found.reference) change('reference')(found.reference)
        announce(texts.filled)
      },
      (thrown: Error) => {
        setProblem(thrown.message)
        announce(thrown.message, { urgent: true })
      },
    )
  const [first] = libraries
  // Also for a kind that was chosen before the libraries had loaded.
  useEffect(() => {
    if (first === undefined) return
    const complete = (side: SideChoice): SideChoice => ({
      ...side,
      bucket: side.bucket || first.bucket,
      dnaDbId: side.dnaDbId || first.dnaDbId,
    })
    setChosen(({ query, reference }) => ({ query: complete(query), reference: complete(reference) }))
  }, [first])
  const latest = useRef(chosen)
  latest.current = chosen
  useEffect(() => {
    const wanted = new URLSearchParams(location.search)
    for (const side of ['query', 'reference'] as const) {
      const id = wanted.get(side) ?? ''
      if (isComparable(id)) void fill(id, side)
    }
    const paste = (event: ClipboardEvent) => {
      const id = event.clipboardData?.getData('text').trim() ?? ''
      const isTyping = event.target instanceof HTMLInputElement && event.target.type !== 'radio'
      if (isTyping || !isComparable(id)) return
      event.preventDefault()
      void fill(id, isChosen(latest.current.query) ? 'reference' : 'query')
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [])
  const start = async () => {
    setProblem('')
    setStarting(true)
    try {
      route(`/console/compare/${await startComparison(chosen)}`)
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown)
      setProblem(text)
      announce(text, { urgent: true })
      setStarting(false)
    }
  }
  const isReady = isChosen(chosen.query) && isChosen(chosen.reference)
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
      </header>
      <form
        class="body"
        aria-label={texts.title}
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <p class="q">{texts.intro}</p>
        <RoleNote route="createComparison" />
        <div class="pair">
          <SideField
            side="query"
            {...{ libraries }}
            choice={chosen.query}
            onChange={change('query')}
            onId={(id) => fill(id, 'query')}
          />
          <button
            type="button"
            class="btn ic"
            aria-label={texts.swap}
            title={texts.swap}
            onClick={() => setChosen(({ query, reference }) => ({ query: reference, reference: query }))}
          >
            <Icon of={ArrowLeftRight} />
          </button>
          <SideField
            side="reference"
            {...{ libraries }}
            choice={chosen.reference}
            onChange={change('reference')}
            onId={(id) => fill(id, 'reference')}
          />
        </div>
        {problem !== '' && (
          <p class="err" dir="auto">
            <Icon of={CircleAlert} /> {problem}
          </p>
        )}
        <div class="row">
          <button
            type="submit"
            class="btn p"
            disabled={!isReady || isStarting}
            {...needs('createComparison')}
          >
            {texts.compare}
          </button>
          <span class="q sm hide-s">{texts.pasteHint}</span>
        </div>
        <RecentComparisons />
      </form>
    </>
  )
}
