import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Moment } from '../../parts/moment.tsx'
import { showToast } from '../../parts/toast.tsx'
import { apiKeyTexts } from './api-key-texts.ts'
import type { ApiKey } from './policy.ts'

/** Asks before a key is revoked, and says when it was last used. */
export function RevokeKey({
  apiKey: { secretId, name, lastUsedAt, lastUsedAddress },
  onClose,
  onRevoked,
}: {
  readonly apiKey: ApiKey
  readonly onClose: () => void
  readonly onRevoked: () => void
}) {
  const texts = apiKeyTexts.value
  const [isSending, setSending] = useState(false)
  const revoke = () => {
    setSending(true)
    api.revokeKey({ params: { secretId } }).then(
      () => {
        showToast({ text: texts.revoked(name) })
        onClose()
        onRevoked()
      },
      (thrown: Error) => {
        showToast({ text: thrown.message })
        setSending(false)
      },
    )
  }
  return (
    <Dialog title={texts.revokeTitle(name)} onClose={onClose}>
      <div class="dialog-body">
        <p>{texts.revokeText}</p>
        <p class="q">
          {lastUsedAt === null ? (
            texts.revokeUnused
          ) : (
            <>
              {texts.revokeUsed} <Moment at={lastUsedAt} />
              {lastUsedAddress !== null && ` ${texts.revokeFrom(lastUsedAddress)}`}
            </>
          )}
        </p>
        <DialogActions onClose={onClose}>
          <button type="button" class="btn danger" disabled={isSending} onClick={revoke}>
            {texts.revoke}
          </button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
