import type { RouteAnswer } from '@kinoprint/contract'
import { CircleAlert } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { messages } from '../../messages/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { type ActionName, policySentence, presets } from './policy.ts'
import { ShowSecret } from './show-secret.tsx'

type Preset = keyof typeof presets | 'choose'

/** The dialog that creates a key: a preset or chosen actions, libraries and buckets; then its secret, once. */
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
  const texts = messages.value.apiKeys
  const [name, setName] = useState('')
  const [preset, setPreset] = useState<Preset>('search')
  const [chosen, setChosen] = useState<ReadonlySet<ActionName>>(new Set(presets.search))
  const [libraries, setLibraries] = useState<ReadonlySet<string> | null>(null)
  const [bucketText, setBucketText] = useState('')
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)
  const [created, setCreated] = useState<RouteAnswer<'createKey'> | null>(null)
  const actions = preset === 'choose' ? [...chosen] : presets[preset]
  const buckets = bucketText.split(/\s+/).filter((bucket) => bucket !== '')
  const policy = {
    actions: actions === null ? null : [...actions],
    libraries: libraries === null ? null : [...libraries],
    buckets: buckets.length === 0 ? null : buckets,
  }
  const isWhole = name.trim() !== '' && policy.actions?.length !== 0 && policy.libraries?.length !== 0
  const submit = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    try {
      const answer = await api.createKey({
        body: {
          name: name.trim(),
          actions: policy.actions ?? ['*'],
          libraries: policy.libraries ?? ['*'],
          buckets: policy.buckets ?? ['*'],
        },
      })
      onCreated()
      setCreated(answer)
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
      setSending(false)
    }
  }
  if (created !== null) return <ShowSecret created={created} onClose={onClose} />
  return (
    <Dialog title={texts.add} onClose={onClose}>
      <form class="dialog-body" onSubmit={submit}>
        <label class="field">
          <span class="cap">{texts.name}</span>
          <span class="in-field">
            <input
              value={name}
              maxLength={128}
              required
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </span>
        </label>
        <fieldset class="choices">
          <legend class="cap">{texts.what}</legend>
          {(Object.keys(texts.presets) as Preset[]).map((one) => (
            <label key={one} class="row">
              <input type="radio" name="preset" checked={preset === one} onChange={() => setPreset(one)} />
              {texts.presets[one]}
            </label>
          ))}
          {preset === 'choose' && (
            <Boxes labels={texts.actions} chosen={chosen} onChange={(next) => setChosen(next)} />
          )}
        </fieldset>
        <fieldset class="choices">
          <legend class="cap">{texts.libraries}</legend>
          <label class="row">
            <input
              type="checkbox"
              checked={libraries === null}
              onChange={(event) => setLibraries(event.currentTarget.checked ? null : new Set())}
            />
            {texts.allLibraries}
          </label>
          {libraries !== null && (
            <Boxes labels={Object.fromEntries(names)} chosen={libraries} onChange={setLibraries} />
          )}
        </fieldset>
        <label class="field">
          <span class="cap">{texts.buckets}</span>
          <textarea
            class="text-area"
            rows={2}
            placeholder={texts.allBuckets}
            value={bucketText}
            onInput={(event) => setBucketText(event.currentTarget.value)}
          />
          <span class="sm qq">{texts.bucketsHint}</span>
        </label>
        <p class="policy" dir="auto">
          {policySentence(policy, names)}
        </p>
        {problem !== '' && (
          <p class="err" role="alert">
            <Icon of={CircleAlert} /> {problem}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="btn gh" onClick={onClose}>
            {messages.value.parts.cancel}
          </button>
          <button type="submit" class="btn p" disabled={isSending || !isWhole}>
            {texts.create}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Boxes<Key extends string>({
  labels,
  chosen,
  onChange,
}: {
  readonly labels: Readonly<Record<Key, string>>
  readonly chosen: ReadonlySet<Key>
  readonly onChange: (chosen: ReadonlySet<Key>) => void
}) {
  return (
    <div class="boxes">
      {(Object.keys(labels) as Key[]).map((key) => (
        <label key={key} class="row">
          <input
            type="checkbox"
            checked={chosen.has(key)}
            onChange={(event) => {
              const next = new Set(chosen)
              if (event.currentTarget.checked) next.add(key)
              else next.delete(key)
              onChange(next)
            }}
          />
          <span dir="auto" translate={false}>
            {labels[key]}
          </span>
        </label>
      ))}
    </div>
  )
}
