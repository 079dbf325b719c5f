import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { apiKeyTexts } from './api-key-texts.ts'
import { KeyForm } from './key-form.tsx'
import { presets } from './policy.ts'
import { NO_QUOTA } from './quota-fields.tsx'
import { ShowSecret } from './show-secret.tsx'

/** The dialog that creates a key, and then shows its secret, once. */
export function NewKey({
  names,
  onClose,
  onCreated,
}: {
  /** The libraries by id. */
  readonly names: ReadonlyMap<string, string>
  readonly onClose: () => void
  readonly onCreated: () => void
}) {
  const texts = apiKeyTexts.value
  const [created, setCreated] = useState<RouteAnswer<'createKey'> | null>(null)
  if (created !== null) return <ShowSecret created={created} onClose={onClose} />
  const { actions, ruleTypes } = presets.search
  return (
    <KeyForm
      title={texts.add}
      action={texts.create}
      initial={{
        name: '',
        actions: [...actions],
        ruleTypes: [...ruleTypes],
        libraries: null,
        buckets: null,
        quota: NO_QUOTA,
      }}
      names={names}
      save={async (body) => {
        const answer = await api.createKey({ body })
        onCreated()
        setCreated(answer)
      }}
      onClose={onClose}
    />
  )
}
