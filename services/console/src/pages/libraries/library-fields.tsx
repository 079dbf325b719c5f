import '../../styles/libraries.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { Field } from '../../parts/field.tsx'
import { NumberField } from '../../parts/number-field.tsx'
import { librariesTexts } from './libraries-texts.ts'

export type LibrarySettings = Pick<
  RouteAnswer<'getLibrary'>,
  | 'name'
  | 'description'
  | 'capacity'
  | 'bucket'
  | 'region'
  | 'minSimilar'
  | 'detectOnStore'
  | 'storeDetail'
  | 'store'
>

type Change = (settings: LibrarySettings) => void

/** The fields of a library; `isFolded` keeps all but name and description behind "More". */
export function LibraryFields({
  settings,
  onChange,
  isFolded = false,
}: {
  readonly settings: LibrarySettings
  readonly onChange: Change
  readonly isFolded?: boolean
}) {
  const texts = librariesTexts.value
  const set = (fields: Partial<LibrarySettings>) => onChange({ ...settings, ...fields })
  return (
    <>
      <Field
        label={texts.name}
        value={settings.name}
        maxLength={128}
        onChange={(name) => set({ name })}
        isRequired
      />
      <Field
        label={texts.description}
        value={settings.description}
        maxLength={1024}
        onChange={(description) => set({ description })}
      />
      {isFolded ? (
        <details>
          <summary class="q">{texts.more}</summary>
          <div class="folded">
            <FurtherFields settings={settings} set={set} />
          </div>
        </details>
      ) : (
        <FurtherFields settings={settings} set={set} />
      )}
    </>
  )
}

function FurtherFields({
  settings,
  set,
}: {
  readonly settings: LibrarySettings
  readonly set: (fields: Partial<LibrarySettings>) => void
}) {
  const texts = librariesTexts.value
  return (
    <>
      <NumberField
        label={texts.capacity}
        hint={texts.capacityHint}
        value={settings.capacity}
        range={[1, 100_000_000]}
        onChange={(capacity) => set({ capacity })}
      />
      <NumberField
        label={texts.reportedFrom}
        hint={texts.minSimilarHint}
        value={settings.minSimilar}
        range={[0, 100]}
        onChange={(minSimilar) => set({ minSimilar })}
      />
      <label class="row">
        <input
          type="checkbox"
          checked={settings.detectOnStore}
          onChange={(event) => set({ detectOnStore: event.currentTarget.checked })}
        />
        {texts.detectOnStoreLong}
      </label>
      <label class="field">
        <span class="cap">{texts.store}</span>
        <select
          class="select"
          value={settings.store}
          onChange={(event) => set({ store: event.currentTarget.value as LibrarySettings['store'] })}
        >
          {(['always', 'ifNew', 'never'] as const).map((mode) => (
            <option key={mode} value={mode}>
              {texts.storeModes[mode]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="cap">{texts.storeDetail}</span>
        <select
          class="select"
          value={settings.storeDetail}
          onChange={(event) =>
            set({ storeDetail: event.currentTarget.value === 'keyframes' ? 'keyframes' : 'full' })
          }
        >
          <option value="full">{texts.storeDetails.full}</option>
          <option value="keyframes">{texts.storeDetails.keyframes}</option>
        </select>
      </label>
      <Field
        label={texts.bucket}
        hint={texts.bucketHint}
        value={settings.bucket}
        maxLength={128}
        onChange={(bucket) => set({ bucket })}
      />
      <Field
        label={texts.region}
        value={settings.region}
        maxLength={64}
        onChange={(region) => set({ region })}
      />
    </>
  )
}
