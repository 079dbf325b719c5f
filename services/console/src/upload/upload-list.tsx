import {
  ChevronDown,
  ChevronUp,
  CircleAlert,
  CircleCheck,
  CircleQuestionMark,
  CircleSlash,
  LoaderCircle,
  RotateCcw,
  Upload as UploadIcon,
  X,
} from 'lucide'
import { useState } from 'preact/hooks'
import { bytesText, numberText, spanText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import { libraryTexts } from '../pages/library/library-texts.ts'
import { Bar } from '../parts/bar.tsx'
import { Icon } from '../parts/icon.tsx'
import { ObjectName } from '../parts/object-name.tsx'
import { ProgressSteps } from '../parts/progress-steps.tsx'
import {
  answerTaken,
  cancelUpload,
  clearUploads,
  isOpen,
  retryUpload,
  type TakenAnswer,
  type Upload,
  uploads,
} from './uploads.ts'

const answers: readonly TakenAnswer[] = ['replace', 'both', 'skip']
/** The rate of the first moments says little about how long the rest takes. */
const RATE_AFTER_MS = 3_000

/** The uploads into a library, with their progress and what the user has to decide. */
export function UploadList({
  dnaDbId,
  object,
}: {
  readonly dnaDbId: string
  /** Only the uploads of this object. */
  readonly object?: string
}) {
  const texts = libraryTexts.value
  const [isFolded, setFolded] = useState(false)
  const shown = uploads.value.filter(
    (one) => one.dnaDbId === dnaDbId && (object === undefined || one.object === object),
  )
  if (shown.length === 0) return null
  const count = (...states: Upload['state'][]) => shown.filter(({ state }) => states.includes(state)).length
  const taken = shown.filter(({ state }) => state === 'taken')
  const refused = count('refused')
  const isOver = !shown.some(isOpen)
  return (
    <section class="card uploads" aria-label={texts.uploads}>
      <header class="wrap">
        <Icon of={UploadIcon} />
        <h2>{texts.adding(numberText(shown.length))}</h2>
        <span class="sm q">
          {texts.storedSoFar(numberText(count('stored')))}
          {refused > 0 && (
            <>
              {', '}
              <span class="err-text">{texts.refusedSoFar(numberText(refused))}</span>
            </>
          )}
          {!isOver && <span class="hide-s"> · {texts.dropMore}</span>}
        </span>
        <span class="sp" />
        {isOver && (
          <button type="button" class="btn xs gh" onClick={clearUploads}>
            {texts.hide}
          </button>
        )}
        <button
          type="button"
          class="btn ic xs gh"
          aria-expanded={!isFolded}
          aria-label={texts.uploads}
          onClick={() => setFolded(!isFolded)}
        >
          <Icon of={isFolded ? ChevronDown : ChevronUp} size="s" />
        </button>
      </header>
      {!isFolded && taken.length > 1 && (
        <div class="up-all row wrap">
          <span>{texts.takenMany(numberText(taken.length))}</span>
          <span class="sp" />
          {answers.map((answer) => (
            <button
              key={answer}
              type="button"
              class="btn xs"
              onClick={() =>
                answerTaken(
                  taken.map(({ id }) => id),
                  answer,
                )
              }
            >
              {texts.answersForAll[answer]}
            </button>
          ))}
        </div>
      )}
      {!isFolded && shown.map((upload) => <Row key={upload.id} upload={upload} />)}
    </section>
  )
}

const icons: Readonly<Partial<Record<Upload['state'], typeof CircleCheck>>> = {
  stored: CircleCheck,
  refused: CircleAlert,
  cancelled: CircleSlash,
  taken: CircleQuestionMark,
}

function Row({ upload }: { readonly upload: Upload }) {
  const texts = libraryTexts.value
  const { id, object, state, canRetry } = upload
  const canCancel = isOpen(upload) && state !== 'job'
  return (
    <div class={`up ${state}`}>
      <Icon of={icons[state] ?? LoaderCircle} />
      <ObjectName name={object} />
      <span class="up-what">
        <What upload={upload} />
      </span>
      {canCancel && (
        <button
          type="button"
          class="btn ic xs gh"
          aria-label={texts.cancelOne(object)}
          onClick={() => cancelUpload(id)}
        >
          <Icon of={X} size="s" />
        </button>
      )}
      {canRetry && (
        <button
          type="button"
          class="btn ic xs gh"
          aria-label={texts.retryOne(object)}
          title={texts.retryOne(object)}
          onClick={() => retryUpload(id)}
        >
          <Icon of={RotateCcw} size="s" />
        </button>
      )}
    </div>
  )
}

function What({ upload }: { readonly upload: Upload }) {
  const texts = libraryTexts.value
  const { id, object, state, sentBytes, bytes, file, job, problem } = upload
  if (state === 'refused') {
    return (
      <span class="err-text" dir="auto">
        {problem}
      </span>
    )
  }
  if (state === 'taken') {
    return (
      <span class="row wrap">
        <span class="q">{texts.taken}</span>
        {answers.map((answer) => (
          <button
            key={answer}
            type="button"
            class="btn xs"
            aria-label={`${texts.answers[answer]}: ${object}`}
            onClick={() => answerTaken([id], answer)}
          >
            {texts.answers[answer]}
          </button>
        ))}
      </span>
    )
  }
  if (state === 'job' && job !== null) {
    return job.state === 'Running' ? (
      <ProgressSteps job={job} />
    ) : (
      <span class="q">{messages.value.parts.states[job.state]}</span>
    )
  }
  if (state === 'sending' && file !== null) {
    const left = secondsLeft(upload)
    return (
      <span class="row">
        <span class="up-bar">
          <Bar value={sentBytes / Math.max(1, bytes)} label={texts.uploading} />
        </span>
        <span class="sm q nw">{texts.sent(bytesText(sentBytes), bytesText(bytes))}</span>
        {left !== null && <span class="sm q nw hide-s">{texts.timeLeft(spanText(left))}</span>}
      </span>
    )
  }
  return <span class="q">{texts.uploadStates[state === 'job' ? 'waiting' : state]}</span>
}

function secondsLeft({ sentBytes, bytes, sentSinceMs }: Upload): number | null {
  const ms = performance.now() - sentSinceMs
  if (ms < RATE_AFTER_MS || sentBytes === 0) return null
  return Math.round(((bytes - sentBytes) / sentBytes) * (ms / 1000))
}
