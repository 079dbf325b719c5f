import { CopyCheck, Play, RotateCcw, ScanSearch, Trash2, X } from 'lucide'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { addressOf, api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { lengthText, numberText } from '../../format/format.ts'
import { useKeys } from '../../keys/keys.ts'
import { messages } from '../../messages/messages.ts'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { isPermitted } from '../../parts/permitted.ts'
import { showToast } from '../../parts/toast.tsx'
import { addObjects } from '../../upload/uploads.ts'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { findCopies } from '../video/find-copies.ts'
import { Player } from '../video/player.tsx'
import { libraryTexts } from './library-texts.ts'
import type { StoredVideo } from './video-tile.tsx'

/** What can be done with the selected videos of a library. */
export function SelectionBar({
  dnaDbId,
  chosen,
  onClear,
  onDeleted,
}: {
  readonly dnaDbId: string
  readonly chosen: readonly StoredVideo[]
  readonly onClear: () => void
  readonly onDeleted: () => void
}) {
  const texts = libraryTexts.value
  const { route } = useLocation()
  const [isPlaying, setPlaying] = useState(false)
  const [isDeleting, setDeleting] = useState(false)
  const [first] = chosen
  const only = chosen.length === 1 ? first : undefined
  const stored = chosen.filter(({ objectGone }) => objectGone !== true)
  const find = () => {
    if (only !== undefined && isPermitted('submitJob')) void findCopies(only.videoId, { dnaDbId, route })
  }
  const askDelete = () => {
    if (isPermitted('deleteVideo')) setDeleting(true)
  }
  useKeys(texts.selection, [
    { keys: ['Space'], label: texts.play, run: () => setPlaying(only !== undefined) },
    { keys: ['F'], label: texts.findCopies, run: find },
    { keys: ['Delete'], label: librariesTexts.value.delete, run: askDelete },
    { keys: ['Escape'], label: messages.value.parts.clearSelection, run: onClear },
  ])
  if (first === undefined) return null
  const storeAgain = () => {
    addObjects(
      dnaDbId,
      stored.map(({ bucket, object, bytes }) => ({ bucket, object, bytes: bytes ?? 0 })),
    )
    showToast({ text: texts.storesAgain(numberText(stored.length)) })
    onClear()
  }
  return (
    <div class="selbar" role="toolbar" aria-label={texts.selection}>
      <b class="nw">{texts.selected(numberText(chosen.length))}</b>
      {only !== undefined && (
        <span class="row sm q hide-s">
          <ObjectName name={only.object} />
          <span class="nw">{lengthText(only.durationSeconds)}</span>
        </span>
      )}
      <span class="sp" />
      {only !== undefined && (
        <>
          <button type="button" class="btn" onClick={() => setPlaying(true)}>
            <Icon of={Play} />
            {texts.play} <kbd class="hide-s">{messages.value.parts.space}</kbd>
          </button>
          <button type="button" class="btn" onClick={find} {...needs('submitJob')}>
            <Icon of={ScanSearch} />
            {texts.findCopies} <kbd class="hide-s">F</kbd>
          </button>
          <a class="btn" href={`/console/matches?${matchesOf(dnaDbId, only.videoId)}`}>
            <Icon of={CopyCheck} />
            {texts.matches(only.matches.all, numberText(only.matches.all))}
          </a>
        </>
      )}
      {stored.length > 0 && (
        <button type="button" class="btn" onClick={storeAgain} {...needs('submitJob')}>
          <Icon of={RotateCcw} />
          {texts.storeAgain}
        </button>
      )}
      <button type="button" class="btn danger" onClick={() => setDeleting(true)} {...needs('deleteVideo')}>
        <Icon of={Trash2} />
        {librariesTexts.value.delete}
      </button>
      <button
        type="button"
        class="btn ic gh"
        aria-label={messages.value.parts.clearSelection}
        title={messages.value.parts.clearSelection}
        onClick={onClear}
      >
        <Icon of={X} />
      </button>
      {isPlaying && only !== undefined && (
        <Dialog title={only.object} size="l" onClose={() => setPlaying(false)}>
          <div class="dialog-body">
            <Player
              key={only.videoId}
              video={only}
              poster={addressOf('getPoster', { params: { dnaDbId, videoId: only.videoId } })}
              isStarted
            />
          </div>
        </Dialog>
      )}
      {isDeleting && (
        <ConfirmByName
          title={texts.deleteVideos(numberText(chosen.length))}
          action={librariesTexts.value.delete}
          onClose={() => setDeleting(false)}
          run={async () => {
            for (const { videoId } of chosen) await api.deleteVideo({ params: { dnaDbId, videoId } })
            showToast({ text: texts.videosDeleted(numberText(chosen.length)) })
            onDeleted()
          }}
        >
          <p>{texts.deleteVideosText}</p>
        </ConfirmByName>
      )}
    </div>
  )
}

function matchesOf(library: string, videoId: string): URLSearchParams {
  return new URLSearchParams({ library, videoId })
}
