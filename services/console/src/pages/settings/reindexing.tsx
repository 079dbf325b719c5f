import type { RouteAnswer } from '@kinoprint/contract'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { act } from '../../parts/act.ts'
import { Bar } from '../../parts/bar.tsx'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import { settingsTexts } from './settings-texts.ts'

type Report = RouteAnswer<'getReindexing'>
type Run = NonNullable<Report['last']>
type Failures = RouteAnswer<'listReindexingFailures'>['items']

const RELOAD_MS = 3_000
/** Failures that the card shows. The command line lists all of them. */
const SHOWN_FAILURES = 10

/** How many videos are outdated, and a re-indexing with its progress. */
export function Reindexing() {
  const texts = settingsTexts.value
  const loaded = useLoad(async () => {
    const [report, failures] = await Promise.all([
      api.getReindexing(),
      api.listReindexingFailures({ query: { pageSize: SHOWN_FAILURES } }),
    ])
    return { report, failures: failures.items }
  }).value
  useReloadEvery(loaded, RELOAD_MS)
  const change = async (work: () => Promise<unknown>) => {
    if (await act(work)) loaded.reload()
  }
  return (
    <LoadedCard title={texts.renewing} loaded={loaded} rows={2}>
      {({ report: { outdated, libraries, last }, failures }) => (
        <div class="in tasks">
          <div class="row wrap">
            {last?.state === 'Running' ? (
              <button
                type="button"
                class="btn"
                onClick={() => change(() => api.stopReindexing())}
                {...needs('stopReindexing')}
              >
                {texts.stopRenewing}
              </button>
            ) : (
              <button
                type="button"
                class="btn"
                disabled={outdated === 0}
                onClick={() => change(() => api.startReindexing({ body: {} }))}
                {...needs('startReindexing')}
              >
                {texts.renew}
              </button>
            )}
            <span class="q">
              {outdated === 0 ? texts.nothingOutdated : texts.outdated(numberText(outdated))}
            </span>
          </div>
          {libraries.length > 1 && (
            <ul class="sm q">
              {libraries.map(({ dnaDbId, name, videos }) => (
                <li key={dnaDbId} dir="auto">
                  {name}: {numberText(videos)}
                </li>
              ))}
            </ul>
          )}
          {last !== null && <Progress run={last} />}
          {failures.length > 0 && <StayedOutdated failures={failures} />}
        </div>
      )}
    </LoadedCard>
  )
}

function Progress({ run }: { readonly run: Run }) {
  const texts = settingsTexts.value
  const { state, total, decoded, rebuilt, failed, progress } = run
  const done = numberText(decoded + rebuilt + failed)
  return (
    <div role="status">
      {state === 'Running' && <Bar value={progress} label={texts.renewing} />}
      <span class="sm q">
        {texts.renewed({ state, done, total: numberText(total), failed: numberText(failed) })}
      </span>
    </div>
  )
}

function StayedOutdated({ failures }: { readonly failures: Failures }) {
  const texts = settingsTexts.value
  return (
    <div class="report bad">
      <span>{texts.stayedOutdated}</span>
      <ul>
        {failures.map(({ videoId, dnaDbId, object, reason }) => (
          <li key={videoId} dir="auto">
            <a class="t" href={`/console/libraries/${dnaDbId}/videos/${videoId}`}>
              {object}
            </a>{' '}
            {reason}
          </li>
        ))}
      </ul>
    </div>
  )
}
