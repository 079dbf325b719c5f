import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { messages } from '../../messages/messages.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { NumberField } from '../../parts/number-field.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { Queue } from './queue-card.tsx'
import { queueTexts } from './queue-texts.ts'

const CONCURRENT_MAX = 1000

/** The dialog for name, jobs at once and callback of a queue. */
export function EditQueue({
  queue,
  onClose,
  onSaved,
}: {
  readonly queue: Queue
  readonly onClose: () => void
  readonly onSaved: () => void
}) {
  const texts = queueTexts.value
  const [name, setName] = useState(queue.name)
  const [maxConcurrent, setMaxConcurrent] = useState(queue.maxConcurrent)
  const [isOn, setOn] = useState(queue.notify.state === 'On')
  const [url, setUrl] = useState(queue.notify.url)
  const [format, setFormat] = useState(queue.notify.resultFormat)
  const [problem, setProblem] = useState('')
  const isUrl = queue.notify.type === 'Url'
  const submit = async (event: Event) => {
    event.preventDefault()
    try {
      await api.updateQueue({
        params: { queueId: queue.queueId },
        body: {
          name,
          maxConcurrent,
          notify: {
            state: isOn ? 'On' : 'Off',
            resultFormat: format,
            ...(isUrl ? { url: url.trim() } : {}),
          },
        },
      })
      onSaved()
      onClose()
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return (
    <Dialog title={texts.editTitle} onClose={onClose}>
      <form class="dialog-body" onSubmit={submit}>
        <Field label={texts.name} value={name} onChange={setName} maxLength={128} isRequired />
        <NumberField
          label={texts.concurrency}
          hint={texts.concurrencyHint}
          value={maxConcurrent}
          range={[1, CONCURRENT_MAX]}
          onChange={setMaxConcurrent}
        />
        <label class="row">
          <input type="checkbox" checked={isOn} onChange={(event) => setOn(event.currentTarget.checked)} />
          {texts.callbackOn}
        </label>
        {isUrl && (
          <Field
            label={texts.url}
            hint={texts.urlHint}
            value={url}
            onChange={setUrl}
            maxLength={1024}
            isRequired={isOn}
          />
        )}
        <label class="field">
          <span class="cap">{texts.format}</span>
          <select
            class="select"
            value={format}
            onChange={(event) => setFormat(event.currentTarget.value === 'JSON' ? 'JSON' : 'XML')}
          >
            <option>XML</option>
            <option>JSON</option>
          </select>
        </label>
        <Problem text={problem} />
        <DialogActions onClose={onClose}>
          <button type="submit" class="btn p">
            {messages.value.parts.save}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
