import { api } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'
import { queueTexts } from '../pages/queue/queue-texts.ts'

/** Chooses the API key whose secret signs callbacks; '' for none. */
export function SigningKey({
  secretId,
  unsigned = queueTexts.value.unsigned,
  onChange,
}: {
  readonly secretId: string
  /** What "none" means here. */
  readonly unsigned?: string
  readonly onChange: (secretId: string) => void
}) {
  const texts = queueTexts.value
  const keys = useLoad(() => api.listKeys({ query: { pageSize: 100 } })).value.data?.items ?? []
  const isListed = secretId === '' || keys.some((key) => key.secretId === secretId)
  return (
    <label class="field">
      <span class="cap">{texts.signedBy}</span>
      <select class="select" value={secretId} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{unsigned}</option>
        {!isListed && <option value={secretId}>{secretId}</option>}
        {keys.map((key) => (
          <option key={key.secretId} value={key.secretId}>
            {key.name}
          </option>
        ))}
      </select>
    </label>
  )
}
