import { CircleAlert, CircleCheck, Clock, LoaderCircle } from 'lucide'
import { useEffect } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { ApiFault } from '../../api/fault.ts'
import { useLoad } from '../../api/use-load.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { showToast } from '../../parts/toast.tsx'

const POLL_MS = 1_000
const icons = { waiting: Clock, running: LoaderCircle, done: CircleCheck, failed: CircleAlert } as const

/** The run, or null if there is none. */
async function readRun() {
  try {
    return await api.getTry()
  } catch (thrown) {
    if (thrown instanceof ApiFault && thrown.status === 404) {
      remember(false)
      return null
    }
    throw thrown
  }
}

/**
 * The first run: a generated video is stored, and an altered copy of it is found. Offered while nothing is stored, and
 * shown until all of it is removed.
 */
export function TryIt({ isOffered }: { readonly isOffered: boolean }) {
  const texts = messages.value.overview
  const { data: run, reload } = useLoad(readKnownRun).value
  const isRunning = run?.state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [isRunning, run, reload])
  const start = () => {
    api.startTry({ body: {} }).then(
      () => {
        remember(true)
        reload()
      },
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  const remove = () => {
    api.deleteTry().then(
      () => {
        remember(false)
        showToast({ text: texts.tryRemoved })
        reload()
      },
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  if (run === undefined || (run === null && !isOffered)) return null
  return (
    <section class="card">
      <header>
        <h2>{texts.tryTitle}</h2>
      </header>
      <div class="in col try">
        {run === null ? (
          <>
            <p class="q">{texts.tryText}</p>
            <div class="row wrap">
              <button type="button" class="btn p" onClick={start}>
                {texts.tryStart}
              </button>
              <a class="btn" href="/console/libraries">
                {texts.ownVideos}
              </a>
            </div>
          </>
        ) : (
          <>
            <ol class="try-steps" aria-live="polite">
              {run.steps.map(({ name, state }) => (
                <li key={name} class="row">
                  <Icon of={icons[state]} />
                  <span class={state === 'waiting' ? 'q' : 'b'}>{texts.trySteps[name]}</span>
                  <span class="q">{texts.tryStates[state]}</span>
                </li>
              ))}
            </ol>
            {run.message !== null && (
              <p class="err" role="alert" dir="auto">
                <Icon of={CircleAlert} /> {run.message}
              </p>
            )}
            {run.state === 'done' && <p>{texts.tryDone}</p>}
            <div class="row wrap">
              {run.matchId !== null && (
                <a class="btn p" href={`/console/matches/${encodeURIComponent(run.matchId)}`}>
                  {texts.tryOpen}
                </a>
              )}
              {run.searchJobId !== null && (
                <a class="btn" href={`/console/jobs/${encodeURIComponent(run.searchJobId)}`}>
                  {texts.tryOpenJob}
                </a>
              )}
              {run.state !== 'running' && (
                <button type="button" class="btn" onClick={remove}>
                  {texts.tryRemove}
                </button>
              )}
            </div>
          </>
        )}
      </div>
    </section>
  )
}

const MARK = 'kinoprint-try'

/** Remembers that this browser started a run: asking for one that does not exist would log an error. */
function remember(isStarted: boolean): void {
  try {
    if (isStarted) localStorage.setItem(MARK, '1')
    else localStorage.removeItem(MARK)
  } catch {
    // Storage is blocked: the run is shown until the page is left.
  }
}

function readKnownRun() {
  try {
    if (localStorage.getItem(MARK) !== null) return readRun()
  } catch {
    // Storage is blocked.
  }
  return Promise.resolve(null)
}
