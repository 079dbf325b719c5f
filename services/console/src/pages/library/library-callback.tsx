import { queueTexts } from '../queue/queue-texts.ts'
import '../../styles/operating.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { Send } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { messages } from '../../messages/messages.ts'
import { act } from '../../parts/act.ts'
import { announceAnswer, CallbackAnswer } from '../../parts/callback-answer.tsx'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Problem } from '../../parts/problem.tsx'
import { SigningKey } from '../../parts/signing-key.tsx'
import { showToast } from '../../parts/toast.tsx'
import { libraryCallbackTexts } from './library-callback-texts.ts'
import { LibraryDeliveries } from './library-deliveries.tsx'

type Callback = RouteAnswer<'getMatchCallback'>

const events = ['MatchFound', 'MatchDecided', 'LibraryFull', 'PassageHeld'] as const
const none: Callback = { url: '', events: ['MatchFound', 'MatchDecided'], secretId: null }

/** Where a library reports its matches, with a test and what was sent. */
export function LibraryCallback({
  library: { dnaDbId, hasCallback },
  reload: reloadLibrary,
}: {
  readonly library: RouteAnswer<'getLibrary'>
  readonly reload: () => void
}) {
  const params = { dnaDbId }
  const loaded = useLoad(
    async () => ({ callback: hasCallback ? await api.getMatchCallback({ params }) : null }),
    `${dnaDbId} ${hasCallback}`,
  ).value
  const { data, fault } = loaded
  const reload = () => {
    reloadLibrary()
    loaded.reload()
  }
  if (fault !== undefined) return <LoadFailed fault={fault} retry={reload} />
  if (data === undefined) return null
  const key = JSON.stringify(data)
  return (
    <>
      <CallbackForm key={key} {...{ params, reload }} saved={data.callback} onStopped={reloadLibrary} />
      {data.callback !== null && <LibraryDeliveries dnaDbId={dnaDbId} />}
    </>
  )
}

function CallbackForm({
  params,
  saved,
  reload,
  onStopped,
}: {
  readonly params: { readonly dnaDbId: string }
  readonly saved: Callback | null
  readonly reload: () => void
  readonly onStopped: () => void
}) {
  const texts = libraryCallbackTexts.value
  const names = queueTexts.value
  const [callback, setCallback] = useState(saved ?? none)
  const [problem, setProblem] = useState('')
  const [answer, setAnswer] = useState<RouteAnswer<'testMatchCallback'> | null>(null)
  const [isBusy, setBusy] = useState(false)
  const change = (fields: Partial<Callback>) => setCallback({ ...callback, ...fields })
  const url = callback.url.trim()
  const run = async (what: () => Promise<unknown>) => {
    setBusy(true)
    setProblem('')
    setAnswer(null)
    try {
      await what()
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
    setBusy(false)
  }
  const save = async () => {
    await api.setMatchCallback({ params, body: { ...callback, url } })
    showToast({ text: texts.saved })
    reload()
  }
  const test = async () => {
    const result = await api.testMatchCallback({ params, body: { url } })
    setAnswer(result)
    announceAnswer(result)
  }
  const stop = async () => {
    if (await act(() => api.deleteMatchCallback({ params }), texts.stopped)) onStopped()
  }
  return (
    <form
      class="card settings-form"
      aria-label={texts.title}
      onSubmit={(event) => {
        event.preventDefault()
        void run(save)
      }}
    >
      <h2>{texts.title}</h2>
      <p class="q">{texts.text}</p>
      <Field
        label={names.url}
        hint={texts.urlHint}
        value={callback.url}
        onChange={(value) => change({ url: value })}
        maxLength={1024}
        isRequired
      />
      <fieldset class="plain-set">
        <legend class="cap">{texts.events}</legend>
        <div class="col checks">
          {events.map((one) => (
            <label key={one} class="row">
              <input
                type="checkbox"
                checked={callback.events.includes(one)}
                onChange={(event) => {
                  const isOn = event.currentTarget.checked
                  change({
                    events: events.filter((each) => (each === one ? isOn : callback.events.includes(each))),
                  })
                }}
              />
              {texts.eventNames[one]}
            </label>
          ))}
        </div>
      </fieldset>
      <SigningKey
        secretId={callback.secretId ?? ''}
        unsigned={texts.unsigned}
        onChange={(secretId) => change({ secretId: secretId === '' ? null : secretId })}
      />
      {answer !== null && <CallbackAnswer answer={answer} />}
      <Problem text={problem} />
      <div class="row wrap actions">
        <button
          type="submit"
          class="btn p"
          disabled={isBusy || url === '' || callback.events.length === 0}
          {...needs('setMatchCallback')}
        >
          {messages.value.parts.save}
        </button>
        {saved !== null && (
          <button
            type="button"
            class="btn"
            disabled={isBusy || url === ''}
            onClick={() => run(test)}
            {...needs('testMatchCallback')}
          >
            <Icon of={Send} size="s" />
            {names.test}
          </button>
        )}
        <span class="sp" />
        {saved !== null && (
          <button
            type="button"
            class="btn gh"
            disabled={isBusy}
            onClick={() => run(stop)}
            {...needs('deleteMatchCallback')}
          >
            {texts.stop}
          </button>
        )}
      </div>
    </form>
  )
}
