import { useId, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import type { Side } from '../../matching/time-map.ts'
import { FileField } from '../../parts/file-field.tsx'
import { useFileDrop } from '../../parts/use-file-drop.ts'
import type { SideChoice } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'
import { isComparable } from './sides-of-id.ts'
import '../search/search.css'
import './compare.css'

type Library = { readonly dnaDbId: string; readonly name: string; readonly bucket: string }
type Choosing = {
  readonly libraries: readonly Library[]
  readonly choice: SideChoice
  readonly onChange: (fields: Partial<SideChoice>) => void
  /** Called with the id of a video or a match that was pasted. */
  readonly onId: (id: string) => void
}

/** One of both videos to compare. A dropped file replaces the choice. */
export function SideField(props: Choosing & { readonly side: Side }) {
  const { side, libraries, choice, onChange, onId } = props
  const texts = compareTexts.value
  const group = useId()
  const { isOver, zone } = useFileDrop('createComparison', ([file]) => {
    if (file !== undefined) onChange({ kind: 'file', file })
  })
  return (
    <fieldset class={isOver ? 'card search-form side-field over' : 'card search-form side-field'} {...zone}>
      <legend class="sr">{texts.sides[side]}</legend>
      <div class="row wrap">
        <b aria-hidden="true">{texts.sides[side]}</b>
        <span class="sp" />
        <span class="seg kinds">
          {(['file', 'object', 'video'] as const).map((kind) => (
            <label key={kind} class={choice.kind === kind ? 'on' : ''}>
              <input
                type="radio"
                name={group}
                checked={choice.kind === kind}
                onChange={() => onChange({ kind })}
              />
              {texts.kinds[kind]}
            </label>
          ))}
        </span>
      </div>
      {choice.kind === 'file' && (
        <FileField
          route="createComparison"
          file={choice.file}
          hint={texts.drop}
          onChange={(file) => onChange({ file })}
        />
      )}
      {choice.kind === 'object' && (
        <>
          <TextField label={texts.bucket} value={choice.bucket} onInput={(bucket) => onChange({ bucket })} />
          <TextField label={texts.object} value={choice.object} onInput={(object) => onChange({ object })} />
        </>
      )}
      {choice.kind === 'video' && <StoredVideo {...{ libraries, choice, onChange, onId }} />}
    </fieldset>
  )
}

function TextField(props: {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
}) {
  return (
    <label class="field">
      <span class="cap">{props.label}</span>
      <span class="in-field">
        <input
          dir="auto"
          value={props.value}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </span>
    </label>
  )
}

function StoredVideo({ libraries, choice, onChange, onId }: Choosing) {
  const texts = compareTexts.value
  const { dnaDbId, videoId } = choice
  const [part, setPart] = useState('')
  const { data } = useLoad(
    async () =>
      dnaDbId === ''
        ? null
        : api.listVideos({
            params: { dnaDbId },
            query: { pageSize: 100, ...(part === '' ? {} : { q: part }) },
          }),
    `${dnaDbId} ${part}`,
  ).value
  const videos = data?.items ?? []
  const isListed = videos.some((video) => video.videoId === videoId)
  return (
    <>
      <label class="field">
        <span class="cap">{texts.library}</span>
        <select
          class="select"
          value={dnaDbId}
          onChange={(event) => onChange({ dnaDbId: event.currentTarget.value, videoId: '' })}
        >
          {libraries.map((library) => (
            <option key={library.dnaDbId} value={library.dnaDbId}>
              {library.name}
            </option>
          ))}
        </select>
      </label>
      <TextField
        label={texts.findVideo}
        value={part}
        onInput={(text) => {
          const id = text.trim()
          setPart(isComparable(id) ? '' : text)
          if (isComparable(id)) onId(id)
        }}
      />
      <label class="field">
        <span class="cap">{texts.video}</span>
        <select
          class="select"
          value={videoId}
          onChange={(event) => onChange({ videoId: event.currentTarget.value })}
        >
          <option value="">{texts.chooseVideo}</option>
          {!isListed && videoId !== '' && <option value={videoId}>{videoId}</option>}
          {videos.map((video) => (
            <option key={video.videoId} value={video.videoId}>
              {video.object}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}
