import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useState } from 'preact/hooks'
import { addressOf, api } from '../../api/client.ts'
import { Bar } from '../../parts/bar.tsx'
import { videoTexts } from './video-texts.ts'

type Playable = Pick<RouteAnswer<'getVideo'>, 'bucket' | 'object' | 'objectGone'>
type Preview = RouteAnswer<'getPreview'>

const POLL_MS = 1_000

/** Plays a stored video. What the browser cannot play is encoded as H.264 when the user asks for it. */
export function Player({
  video: { bucket, object, objectGone },
  poster,
  isStarted = false,
  onTime,
}: {
  readonly video: Playable
  readonly poster: string
  /** Plays at once. */
  readonly isStarted?: boolean
  /** Called with the second that is shown. */
  readonly onTime?: (seconds: number) => void
}) {
  const texts = videoTexts.value
  const [cannotPlay, setCannotPlay] = useState(false)
  const [preview, setPreview] = useState<Preview | null>(null)
  const isReady = preview?.state === 'ready'
  if (objectGone === true || (cannotPlay && !isReady)) {
    return (
      <div class="player gone">
        <img src={poster} alt="" onError={(event) => event.currentTarget.remove()} />
        <div class="player-gone">
          <p role="status">{objectGone === true ? texts.gone : texts.cannotPlay}</p>
          {objectGone !== true && (
            <MakePreview bucket={bucket} object={object} preview={preview} onChange={setPreview} />
          )}
        </div>
      </div>
    )
  }
  const source = isReady
    ? addressOf('getPreviewVideo', { params: { previewId: preview.previewId } })
    : addressOf('getObject', { params: { bucket, object } })
  return (
    <div class="player">
      {/* biome-ignore lint/a11y/useMediaCaption: stored videos carry no captions. */}
      <video
        key={source}
        controls
        autoplay={isStarted}
        preload="metadata"
        poster={poster}
        src={source}
        aria-label={object}
        onTimeUpdate={(event) => onTime?.(event.currentTarget.currentTime)}
        onError={() => {
          setCannotPlay(true)
          setPreview(null)
        }}
        onLoadedMetadata={(event) => {
          // A codec that the browser lacks may leave the sound and no picture.
          if (event.currentTarget.videoWidth === 0) setCannotPlay(true)
        }}
      />
    </div>
  )
}

function MakePreview({
  bucket,
  object,
  preview,
  onChange,
}: {
  readonly bucket: string
  readonly object: string
  readonly preview: Preview | null
  readonly onChange: (preview: Preview) => void
}) {
  const texts = videoTexts.value
  const [problem, setProblem] = useState('')
  const failed = (thrown: Error) => setProblem(thrown.message)
  const isMade = preview?.state === 'waiting' || preview?.state === 'running'
  useEffect(() => {
    if (!isMade || preview === null) return
    const { previewId } = preview
    const timer = setTimeout(() => api.getPreview({ params: { previewId } }).then(onChange, failed), POLL_MS)
    return () => clearTimeout(timer)
  }, [preview])
  if (isMade && problem === '') {
    return (
      <div class="row preview-bar">
        <span class="nw">{texts.makingPreview}</span>
        <Bar value={preview?.progress ?? 0} label={texts.makingPreview} />
      </div>
    )
  }
  const why = problem || (preview?.state === 'failed' ? (preview.message ?? '') : '')
  return (
    <>
      {why !== '' && (
        <p role="alert" dir="auto">
          {why}
        </p>
      )}
      <button
        type="button"
        class="btn"
        onClick={() => {
          setProblem('')
          api.startPreview({ body: { bucket, object } }).then(onChange, failed)
        }}
      >
        {texts.makePreview}
      </button>
    </>
  )
}
