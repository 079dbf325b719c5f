import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Problem } from '../../parts/problem.tsx'
import { showToast } from '../../parts/toast.tsx'
import type { JobFilter } from './job-query.ts'
import { jobsTexts } from './jobs-texts.ts'

type Bulk = { readonly filter: JobFilter; readonly expected: number }

/** Cancels or retries every job of a filter, after saying how many that is and how many can succeed. */
export function BulkDialog({
  kind,
  bulk,
  onClose,
  onDone,
}: {
  readonly kind: 'cancel' | 'retry'
  readonly bulk: Bulk
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const texts = jobsTexts.value
  const [isRunning, setRunning] = useState(false)
  const [problem, setProblem] = useState('')
  const plan = useLoad(async () =>
    kind === 'retry' ? api.retryJobs({ query: { dryRun: true }, body: bulk }) : null,
  ).value
  const isReady =
    kind === 'cancel' || (plan.data !== undefined && plan.data !== null && plan.data.promising > 0)
  const run = async (event: Event) => {
    event.preventDefault()
    setRunning(true)
    try {
      if (kind === 'cancel') {
        const { cancelled } = await api.cancelJobs({ body: bulk })
        showToast({ text: texts.cancelled(numberText(cancelled)) })
      } else {
        const { retried } = await api.retryJobs({ body: bulk })
        showToast({ text: texts.retried(numberText(retried)) })
      }
      onDone()
      onClose()
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
      setRunning(false)
    }
  }
  return (
    <Dialog
      title={(kind === 'cancel' ? texts.cancelTitle : texts.retryTitle)(numberText(bulk.expected))}
      onClose={onClose}
    >
      <form class="dialog-body" onSubmit={run}>
        {kind === 'cancel' && <p>{texts.cancelText}</p>}
        {plan.fault !== undefined && <LoadFailed fault={plan.fault} retry={plan.reload} />}
        {plan.data && (
          <>
            <p>{texts.promising(numberText(plan.data.promising), numberText(plan.data.ended))}</p>
            {plan.data.hopeless.length > 0 && (
              <ul class="plain">
                {plan.data.hopeless.map(({ code, message, jobs }) => (
                  <li key={code} class="q">
                    <b>{numberText(jobs)}</b> <span dir="auto">{message}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
        <Problem text={problem} />
        <DialogActions onClose={onClose} closes={messages.value.shell.close}>
          <button
            type="submit"
            class={kind === 'cancel' ? 'btn danger fill' : 'btn p'}
            disabled={!isReady || isRunning}
          >
            {kind === 'cancel' ? texts.cancelAll : texts.retryAll(numberText(plan.data?.promising ?? 0))}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
