import { api } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'
import { momentFullText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'

/** Why there is nothing under an id: it was deleted, its retention has passed, or it never existed here. */
export function IdState({ id }: { readonly id: string }) {
  const { data } = useLoad(() => api.findId({ query: { id } }), id).value
  if (data === undefined) return null
  const texts = messages.value.parts.idStates
  const { kind, state, endedAt, retentionDays } = data
  if (state === 'exists') return null
  const at = endedAt === null ? '' : momentFullText(endedAt)
  const text =
    kind === 'comparison'
      ? texts.comparison
      : state === 'expired'
        ? texts.expired(at, retentionDays)
        : state === 'deleted'
          ? texts.deleted(at)
          : texts.unknown
  return (
    <p>
      <code class="m" translate={false}>
        {id}
      </code>
      {' · '}
      {text}
    </p>
  )
}
