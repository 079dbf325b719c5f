import type { RouteAnswer } from '@kinoprint/contract'
import { CircleAlert, CircleCheck } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { announce } from '../../parts/announce.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { Queue } from './queue-card.tsx'

type Result = RouteAnswer<'testCallback'>

/** The dialog that sends one callback with a made-up job, and says what the receiver answered. */
export function TestCallback({ queue, onClose }: { readonly queue: Queue; readonly onClose: () => void }) {
  const texts = messages.value.queue
  const keys = useLoad(() => api.listKeys({ query: { pageSize: 100 } })).value.data?.items ?? []
  const [url, setUrl] = useState(queue.notify.url)
  const [secretId, setSecretId] = useState('')
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState('')
  const [result, setResult] = useState<Result | null>(null)
  const send = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    setProblem('')
    setResult(null)
    try {
      const body = { url: url.trim(), ...(secretId === '' ? {} : { secretId }) }
      const answer = await api.testCallback({ params: { queueId: queue.queueId }, body })
      setResult(answer)
      announce(answer.delivered ? texts.testAccepted : (answer.error ?? ''), { urgent: !answer.delivered })
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
    setSending(false)
  }
  return (
    <Dialog title={texts.testTitle} onClose={onClose}>
      <form class="dialog-body" onSubmit={send}>
        <p class="q">{texts.testText}</p>
        <Field label={texts.url} value={url} onChange={setUrl} maxLength={1024} isRequired />
        <label class="field">
          <span class="cap">{texts.signedBy}</span>
          <select
            class="select"
            value={secretId}
            onChange={(event) => setSecretId(event.currentTarget.value)}
          >
            <option value="">{texts.unsigned}</option>
            {keys.map((key) => (
              <option key={key.secretId} value={key.secretId}>
                {key.name}
              </option>
            ))}
          </select>
        </label>
        {result !== null && (
          <p class={result.delivered ? 'test-result ok' : 'test-result bad'}>
            <Icon of={result.delivered ? CircleCheck : CircleAlert} />
            <span dir="auto">
              {result.delivered ? texts.testAccepted : result.error}{' '}
              <span class="nw">
                {result.httpStatus !== null && `HTTP ${result.httpStatus} · `}
                {spanText(result.seconds)}
              </span>
            </span>
          </p>
        )}
        <Problem text={problem} />
        <DialogActions onClose={onClose} closes={messages.value.shell.close}>
          <button type="submit" class="btn p" disabled={isSending || url.trim() === ''}>
            {isSending ? texts.testSending : texts.testSend}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
