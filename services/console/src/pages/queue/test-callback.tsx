import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { messages } from '../../messages/messages.ts'
import { announceAnswer, CallbackAnswer } from '../../parts/callback-answer.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { SigningKey } from '../../parts/signing-key.tsx'
import type { Queue } from './queue-card.tsx'
import { queueTexts } from './queue-texts.ts'

type Result = RouteAnswer<'testCallback'>

/** The dialog that sends one callback with a made-up job, and says what the receiver answered. */
export function TestCallback({ queue, onClose }: { readonly queue: Queue; readonly onClose: () => void }) {
  const texts = queueTexts.value
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
      announceAnswer(answer)
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
        <SigningKey {...{ secretId }} onChange={setSecretId} />
        {result !== null && <CallbackAnswer answer={result} />}
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
