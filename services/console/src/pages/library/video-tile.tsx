import type { RouteAnswer } from '@kinoprint/contract'
import { ImageOff, VolumeX } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { addressOf, api } from '../../api/client.ts'
import { lengthText, numberText } from '../../format/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { libraryTexts } from './library-texts.ts'

export type StoredVideo = RouteAnswer<'listVideos'>['items'][number]
type SpriteIndex = { readonly columns: number; readonly rows: number; readonly times: readonly number[] }

/** A stored video: its poster, through which moving the pointer scrubs, and its facts. */
export function VideoTile({
  video,
  dnaDbId,
  href,
  isSelected,
  tabIndex,
  onFocus,
  onSelect,
}: {
  readonly video: StoredVideo
  readonly dnaDbId: string
  readonly href: string
  readonly isSelected: boolean
  readonly tabIndex: number
  readonly onFocus: () => void
  readonly onSelect: () => void
}) {
  const texts = libraryTexts.value
  const { videoId, object, durationSeconds, width, height, hasAudio, matches, objectGone } = video
  const params = { dnaDbId, videoId }
  const [hasPoster, setHasPoster] = useState(true)
  const sprite = useRef<SpriteIndex | null | 'loading'>(null)
  const [at, setAt] = useState<number | null>(null)
  const load = () => {
    if (sprite.current !== null) return
    sprite.current = 'loading'
    api
      .getSpriteIndex({ params })
      .then((response) => response.json())
      .then(
        (index: SpriteIndex) => {
          sprite.current = index
        },
        () => undefined,
      )
  }
  const scrub = (event: MouseEvent) => {
    const index = sprite.current
    if (index === null || index === 'loading' || !(event.currentTarget instanceof Element)) return
    const { left, width: shown } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(0.999, Math.max(0, (event.clientX - left) / shown))
    setAt(Math.floor(share * index.times.length))
  }
  const index = sprite.current
  return (
    <article class={isSelected ? 'vid on' : 'vid'}>
      <a
        href={href}
        class={objectGone === true ? 'th gone' : 'th'}
        tabIndex={tabIndex}
        onFocus={onFocus}
        onMouseEnter={load}
        onMouseMove={scrub}
        onMouseLeave={() => setAt(null)}
      >
        <span class="sr" dir="auto" translate={false}>
          {object}
        </span>{' '}
        {hasPoster ? (
          <img
            src={addressOf('getPoster', { params })}
            alt=""
            loading="lazy"
            onError={() => setHasPoster(false)}
          />
        ) : (
          <span class="no-poster">
            <Icon of={ImageOff} size="l" />
          </span>
        )}
        {at !== null && index !== null && index !== 'loading' && (
          <span
            class="sprite"
            style={{
              backgroundImage: `url("${addressOf('getSprite', { params })}")`,
              backgroundSize: `${index.columns * 100}% ${index.rows * 100}%`,
              backgroundPosition: `${percentAt(at % index.columns, index.columns)} ${percentAt(Math.floor(at / index.columns), index.rows)}`,
            }}
          />
        )}
        <span class="d">{lengthText(at === null ? durationSeconds : timeAt(index, at))}</span>
      </a>
      <div class="meta">
        <span class="row">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={texts.selectOne(object)}
            checked={isSelected}
            onChange={onSelect}
          />
          <ObjectName name={object} />
        </span>
        <span class="row g4 sm q wrap">
          <span>
            {width}×{height}
          </span>
          {!hasAudio && (
            <span title={texts.noSound}>
              <Icon of={VolumeX} size="s" />
              <span class="sr">{texts.noSound}</span>
            </span>
          )}
          {objectGone === true && <span class="tag warn">{texts.fileGone}</span>}
          <span class="sp" />
          <span class="nw">
            {matches.all === 0 ? texts.noMatches : texts.matches(matches.all, numberText(matches.all))}
          </span>
        </span>
      </div>
    </article>
  )
}

/** The background position of a tile in percent, which CSS counts over the gaps between tiles. */
function percentAt(tile: number, tiles: number): string {
  return `${tiles <= 1 ? 0 : (tile / (tiles - 1)) * 100}%`
}

function timeAt(index: SpriteIndex | null | 'loading', at: number): number {
  return index === null || index === 'loading' ? 0 : (index.times[at] ?? 0)
}
