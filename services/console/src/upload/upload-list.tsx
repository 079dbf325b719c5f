import { CircleAlert, CircleCheck, LoaderCircle, Upload as UploadIcon, X } from 'lucide'
import { bytesText, numberText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import { Bar } from '../parts/bar.tsx'
import { Icon } from '../parts/icon.tsx'
import { ObjectName } from '../parts/object-name.tsx'
import { ProgressSteps } from '../parts/progress-steps.tsx'
import { cancelUpload, clearUploads, type Upload, uploads } from './uploads.ts'

/** The uploads into a library, with their progress. */
export function UploadList({ dnaDbId }: { readonly dnaDbId: string }) {
  const texts = messages.value.library
  const shown = uploads.value.filter((one) => one.dnaDbId === dnaDbId)
  if (shown.length === 0) return null
  const count = (state: Upload['state']) => shown.filter((one) => one.state === state).length
  const isOver = shown.every(({ state }) => !['waiting', 'sending', 'job'].includes(state))
  return (
    <section class="card" aria-label={texts.uploads}>
      <header>
        <Icon of={UploadIcon} />
        <h2>{texts.adding(numberText(shown.length))}</h2>
        <span class="sm q">
          {texts.addedSoFar(numberText(count('stored')), numberText(count('refused')))}
        </span>
        <span class="sp" />
        {isOver && (
          <button type="button" class="btn xs gh" onClick={clearUploads}>
            {texts.hide}
          </button>
        )}
      </header>
      {shown.map((upload) => (
        <Row key={upload.id} upload={upload} />
      ))}
    </section>
  )
}

function Row({ upload }: { readonly upload: Upload }) {
  const texts = messages.value.library
  const { id, file, state } = upload
  const icon = state === 'stored' ? CircleCheck : state === 'refused' ? CircleAlert : LoaderCircle
  return (
    <div class={`up ${state}`}>
      <Icon of={icon} />
      <ObjectName name={file.name} />
      <span class="up-what">
        <What upload={upload} />
      </span>
      {state === 'waiting' || state === 'sending' ? (
        <button
          type="button"
          class="btn ic xs gh"
          aria-label={texts.cancelOne(file.name)}
          onClick={() => cancelUpload(id)}
        >
          <Icon of={X} size="s" />
        </button>
      ) : (
        <span />
      )}
    </div>
  )
}

function What({ upload: { state, sentBytes, file, job, problem } }: { readonly upload: Upload }) {
  const texts = messages.value.library
  if (state === 'refused') return <span class="err-text">{problem}</span>
  if (state === 'job' && job !== null) {
    return job.state === 'Running' ? (
      <ProgressSteps job={job} />
    ) : (
      <span>{messages.value.parts.states[job.state]}</span>
    )
  }
  if (state === 'sending') {
    return (
      <span class="row">
        <span class="up-bar">
          <Bar value={sentBytes / Math.max(1, file.size)} label={texts.uploading} />
        </span>
        <span class="sm q nw">{texts.sent(bytesText(sentBytes), bytesText(file.size))}</span>
      </span>
    )
  }
  return <span class="q">{texts.uploadStates[state === 'job' ? 'waiting' : state]}</span>
}
