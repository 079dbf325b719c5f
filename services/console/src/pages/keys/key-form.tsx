import { useState } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { apiKeyTexts } from './api-key-texts.ts'
import {
  type ActionName,
  type Policy,
  policySentence,
  presetOf,
  presets,
  type RuleType,
  ruleTypes,
} from './policy.ts'
import { type Quota, QuotaFields } from './quota-fields.tsx'

type Preset = keyof typeof presets | 'choose'
const ALL = '*'

/** The body of the routes that create and change a key. */
export type KeyBody = {
  readonly name: string
  readonly actions: string[]
  readonly ruleTypes: string[]
  readonly libraries: string[]
  readonly buckets: string[]
  readonly quota: Quota
}

/** The dialog for what a key may do: a preset or chosen actions and kinds of job, libraries and buckets. */
export function KeyForm({
  title,
  action,
  initial,
  names,
  save,
  onClose,
}: {
  readonly title: string
  /** The word on the button. */
  readonly action: string
  readonly initial: Policy & { readonly name: string; readonly quota: Quota }
  /** The libraries by id. */
  readonly names: ReadonlyMap<string, string>
  /** Saves the key; what it throws is shown, and the dialog stays. */
  readonly save: (body: KeyBody) => Promise<void>
  readonly onClose: () => void
}) {
  const texts = apiKeyTexts.value
  const [name, setName] = useState(initial.name)
  const [preset, setPreset] = useState<Preset>(presetOf(initial))
  const [actions, setActions] = useState<ReadonlySet<string>>(
    new Set(initial.actions ?? Object.keys(texts.actions)),
  )
  const [kinds, setKinds] = useState<ReadonlySet<RuleType>>(new Set(initial.ruleTypes ?? ruleTypes))
  const [libraries, setLibraries] = useState<ReadonlySet<string> | null>(
    initial.libraries === null ? null : new Set(initial.libraries),
  )
  const [bucketText, setBucketText] = useState((initial.buckets ?? []).join('\n'))
  const [quota, setQuota] = useState(initial.quota)
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)
  const buckets = bucketText.split(/\s+/).filter((bucket) => bucket !== '')
  const maySubmit = actions.has('ci:CreateMediaJobs')
  const what =
    preset === 'choose'
      ? {
          actions: [...actions],
          ruleTypes: !maySubmit || kinds.size === ruleTypes.length ? null : [...kinds],
        }
      : presets[preset]
  const policy: Policy = {
    actions: what.actions === null ? null : [...what.actions],
    ruleTypes: what.ruleTypes === null ? null : [...what.ruleTypes],
    libraries: libraries === null ? null : [...libraries],
    buckets: buckets.length === 0 ? null : buckets,
  }
  const isWhole =
    name.trim() !== '' &&
    policy.actions?.length !== 0 &&
    policy.ruleTypes?.length !== 0 &&
    policy.libraries?.length !== 0
  const submit = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    try {
      await save({
        name: name.trim(),
        actions: [...(policy.actions ?? [ALL])],
        ruleTypes: [...(policy.ruleTypes ?? [ALL])],
        libraries: [...(policy.libraries ?? [ALL])],
        buckets: [...(policy.buckets ?? [ALL])],
        quota,
      })
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
      setSending(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="dialog-body" onSubmit={submit}>
        <Field label={texts.name} value={name} maxLength={128} isRequired onChange={setName} />
        <fieldset class="choices">
          <legend class="cap">{texts.what}</legend>
          {(Object.keys(texts.presets) as Preset[]).map((one) => (
            <label key={one} class="row">
              <input type="radio" name="preset" checked={preset === one} onChange={() => setPreset(one)} />
              {texts.presets[one]}
            </label>
          ))}
          {preset === 'choose' && (
            <>
              <Boxes<ActionName> labels={texts.actions} chosen={actions} onChange={setActions} />
              {maySubmit && (
                <>
                  <span class="cap">{texts.kindsOfJob}</span>
                  <Boxes labels={messages.value.parts.kinds} chosen={kinds} onChange={setKinds} />
                </>
              )}
            </>
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
        <QuotaFields quota={quota} onChange={setQuota} />
        <p class="key-policy" dir="auto">
          {policySentence(policy, names)}
        </p>
        <Problem text={problem} />
        <DialogActions onClose={onClose}>
          <button type="submit" class="btn p" disabled={isSending || !isWhole}>
            {action}
          </button>
        </DialogActions>
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
  readonly chosen: ReadonlySet<string>
  readonly onChange: (chosen: ReadonlySet<Key>) => void
}) {
  const keys = Object.keys(labels) as Key[]
  return (
    <div class="boxes">
      {keys.map((key) => (
        <label key={key} class="row">
          <input
            type="checkbox"
            checked={chosen.has(key)}
            onChange={(event) => {
              const isChosen = event.currentTarget.checked
              onChange(new Set(keys.filter((one) => (one === key ? isChosen : chosen.has(one)))))
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
