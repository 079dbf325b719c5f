import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { copyText } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { apiKeyTexts } from './api-key-texts.ts'

/** Shows the secret of a new key, which the server never shows again. Closing without a copy asks first. */
export function ShowSecret({
  created: { secretId, secretKey },
  onClose,
}: {
  readonly created: RouteAnswer<'createKey'>
  readonly onClose: () => void
}) {
  const texts = apiKeyTexts.value
  const [isCopied, setCopied] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const copy = (text: string) => {
    copyText(text)
    setCopied(true)
  }
  const close = () => {
    if (isCopied || isAsking) onClose()
    else setAsking(true)
  }
  return (
    <Dialog title={texts.secretTitle} onClose={close}>
      <div class="dialog-body">
        <p class="q">{texts.secretHint}</p>
        <dl class="secret">
          <dt class="cap">SecretId</dt>
          <dd class="m">{secretId}</dd>
          <dt class="cap">SecretKey</dt>
          <dd class="m">{secretKey}</dd>
        </dl>
        <div class="row wrap">
          <button type="button" class="btn" onClick={() => copy(secretKey)}>
            {texts.copySecret}
          </button>
          <button
            type="button"
            class="btn"
            onClick={() => copy(`COS_SECRET_ID=${secretId}\nCOS_SECRET_KEY=${secretKey}\n`)}
          >
            {texts.copyEnv}
          </button>
        </div>
        {isAsking && !isCopied && (
          <p class="err" role="alert">
            {texts.closeUncopied}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="btn p" onClick={close}>
            {texts.done}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
