import { ImageOff, Info } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import type { ApiFault } from '../../api/fault.ts'
import { baseName, codecText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { isReadable } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import type { Side } from '../../matching/time-map.ts'
import { announce } from '../../parts/announce.tsx'
import { Bar } from '../../parts/bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import type { Sources } from './timeline.tsx'
import type { Viewer } from './viewer.ts'

/** What one must know of a side that does not play: its file is gone, or the browser cannot play it. */
export function SideNotices({ viewer, sources }: { readonly viewer: Viewer; readonly sources: Sources }) {
  const { shown } = viewer.players
  return (
    <>
      {(['query', 'reference'] as const)
        .filter((side) => shown.value[side] === 'stills' && !isShownStill(viewer.match[side]))
        .map((side) =>
          isReadable(viewer.match[side]) ? (
            <Unplayable key={side} {...{ viewer, side }} />
          ) : (
            <Gone key={side} {...{ viewer, side }} source={sources[side]} />
          ),
        )}
    </>
  )
}

/** A picture is one still, so there is nothing to play. */
function isShownStill(video: Viewer['match'][Side]): boolean {
  return video.durationSeconds === 0 && isReadable(video)
}

type OfSide = { readonly viewer: Viewer; readonly side: Side }

function Gone({ viewer, side, source }: OfSide & { readonly source: FrameSource }) {
  const texts = matchTexts.value.gone
  const { object, name = object, file, durationSeconds } = viewer.match[side]
  const [kept, setKept] = useState<number | null>(null)
  useEffect(() => {
    source.thumbnailTimes().then(
      (times) => setKept(times?.length ?? 0),
      () => setKept(0),
    )
  }, [source])
  return (
    <div class="side-notice warn">
      <Icon of={ImageOff} />
      <p>
        <b dir="auto" translate={false} title={name}>
          {file === 'replaced' ? texts.replaced(baseName(name)) : texts.missing(baseName(name))}
        </b>{' '}
        {texts.still} {kept !== null && texts.kept(kept, kept === 0 ? 0 : durationSeconds / kept)}
      </p>
    </div>
  )
}

type Preview = Awaited<ReturnType<typeof api.startPreview>>

const POLL_MS = 1000

function Unplayable({ viewer, side }: OfSide) {
  const texts = matchTexts.value.preview
  const { bucket, object, name = object, codec = null } = viewer.match[side]
  const [preview, setPreview] = useState<Preview | null>(null)
  const [problem, setProblem] = useState('')
  const fail = (fault: ApiFault) => {
    setPreview(null)
    setProblem(fault.message)
    announce(fault.message, { urgent: true })
  }
  const start = () => {
    setProblem('')
    api.startPreview({ body: { bucket, object } }).then(setPreview, fail)
  }
  useEffect(() => {
    if (preview === null) return
    const { previewId, state, message } = preview
    if (state === 'ready') viewer.playPreview(side, previewId)
    if (state === 'failed') setProblem(message ?? texts.failed)
    if (state === 'ready' || state === 'failed') return
    const timer = setTimeout(() => {
      api.getPreview({ params: { previewId } }).then(setPreview, fail)
    }, POLL_MS)
    return () => clearTimeout(timer)
  }, [preview])
  const isMaking = preview?.state === 'waiting' || preview?.state === 'running'
  return (
    <div class="side-notice">
      <Icon of={Info} />
      <p>
        <b dir="auto" translate={false} title={name}>
          {texts.cannotPlay(baseName(name), codec === null ? null : codecText(codec))}
        </b>{' '}
        {texts.stills}
        {problem !== '' && (
          <span class="problem" role="alert" dir="auto">
            {' '}
            {problem}
          </span>
        )}
      </p>
      {isMaking ? (
        <div class="making">
          <span class="sm">{preview.state === 'waiting' ? texts.waiting : texts.making}</span>
          <Bar value={preview.progress} label={texts.making} />
        </div>
      ) : (
        <button type="button" class="btn xs" onClick={start}>
          {problem === '' ? texts.make : texts.again}
        </button>
      )}
    </div>
  )
}
