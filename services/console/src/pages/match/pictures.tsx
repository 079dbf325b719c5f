import { useComputed } from '@preact/signals'
import { FlipHorizontal2, ImageOff, MoveHorizontal } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import { listText } from '../../format/format.ts'
import { alterationText } from '../../matching/alterations.ts'
import { momentText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { isReadable } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { asItIs, contain, layoutOf, type Straightening } from '../../matching/straighten.ts'
import type { Side } from '../../matching/time-map.ts'
import { Icon } from '../../parts/icon.tsx'
import { useSize } from '../../parts/use-size.ts'
import { DecodedStill, KeptStill, LoadingStill, type Size } from './stills.tsx'
import type { Sources } from './timeline.tsx'
import type { Viewer } from './viewer.ts'

/** Both pictures. The elements stay the same in every mode, so that changing it does not interrupt the players. */
export function Pictures({
  viewer,
  sources,
}: {
  readonly viewer: Viewer
  /** Shows sides whose files are gone. */
  readonly sources?: Sources
}) {
  const box = useRef<HTMLDivElement>(null)
  const { shownMode: mode, isPeeking, isSwapped, isLying, swipe, enlarged } = viewer
  const isOver = mode.value !== 'side'
  const drag = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect()
    if (bounds === undefined || event.buttons !== 1) return
    const { scale, x, y } = enlarged.value
    if (scale > 1 && (mode.value !== 'swipe' || event.shiftKey)) {
      enlarged.value = { scale, x: x + event.movementX, y: y + event.movementY }
      return
    }
    if (mode.value !== 'swipe') return
    const share = isLying.value
      ? (event.clientY - bounds.top) / bounds.height
      : (event.clientX - bounds.left) / bounds.width
    swipe.value = Math.max(0, Math.min(1, share))
  }
  useEffect(() => {
    const { style } = box.current ?? {}
    style?.setProperty('--swipe', `${100 * swipe.value}%`)
    style?.setProperty('--opacity', String(viewer.opacity.value))
    style?.setProperty('--gain', String(viewer.gain.value))
  }, [swipe.value, viewer.opacity.value, viewer.gain.value])
  const classes = [
    'pics',
    isOver ? `over ${mode.value}` : '',
    isPeeking.value ? 'peek' : '',
    isSwapped.value ? 'swapped' : '',
    isLying.value ? 'lying' : '',
    enlarged.value.scale > 1 ? 'enlarged' : '',
  ]
  return (
    <div ref={box} class={classes.join(' ')} onPointerDown={drag} onPointerMove={drag}>
      <Picture viewer={viewer} side="query" source={sources?.query} />
      <Picture viewer={viewer} side="reference" source={sources?.reference} />
      {mode.value === 'swipe' && (
        <div class="swipe-line" aria-hidden="true">
          <span>
            <Icon of={MoveHorizontal} />
          </span>
        </div>
      )}
    </div>
  )
}

function Picture({
  viewer,
  side,
  source,
}: {
  readonly viewer: Viewer
  readonly side: Side
  readonly source: FrameSource | undefined
}) {
  const pane = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const size = useSize(pane)
  const texts = matchTexts.value
  const { players, match } = viewer
  const { bucket, object, address } = match[side]
  const [natural, setNatural] = useState(naturalOf(viewer, side))
  const isStills = players.shown.value[side] === 'stills'
  const [isDrawn, setDrawn] = useState(false)
  useEffect(() => {
    players.attach(side, video.current)
    return () => players.attach(side, null)
  }, [players, isStills])
  const clock = side === 'query' ? players.time : players.refTime
  // A video shows its frames itself; only stills follow the clock while it runs.
  const time = isStills || !players.isPlaying.value ? clock.value : clock.peek()
  // Where nothing is shared, the side holds what it showed last.
  const last = useRef(0)
  if (time !== null) last.current = time
  const held = last.current
  const layout = useLayout(viewer, side, { pane: size, picture: natural })
  const label = side === 'query' ? texts.query : texts.reference
  const alt = time === null ? label : texts.pictureAt(label, momentText(time))
  const isUnpaired = useComputed(() => players.refTime.value === null)
  const isHeld = side === 'reference' && isUnpaired.value
  return (
    <div ref={pane} class={`pic ${side} ${isHeld ? 'held' : ''}`}>
      <div class="zoomed" style={enlargementOf(viewer)}>
        {isStills ? (
          isReadable(match[side]) || source === undefined ? (
            <DecodedStill {...{ bucket, object, alt, layout }} time={time ?? held} onSize={setNatural} />
          ) : (
            <KeptStill {...{ source, alt, layout }} time={time ?? held} onSize={setNatural} />
          )
        ) : (
          <>
            {!isDrawn && source !== undefined && <LoadingStill {...{ source, layout }} time={held} />}
            {/* biome-ignore lint/a11y/useMediaCaption: uploads have no captions. */}
            <video
              ref={video}
              src={
                viewer.previews.value[side] ??
                address ??
                addressOf('getObject', { params: { bucket, object } })
              }
              preload="auto"
              playsinline
              disablepictureinpicture
              aria-label={alt}
              style={layout}
              onLoadedMetadata={(event) => {
                const { videoWidth, videoHeight } = event.currentTarget
                if (videoWidth > 0) setNatural({ width: videoWidth, height: videoHeight })
                else players.setShown(side, 'stills')
              }}
              onLoadedData={() => setDrawn(true)}
              onError={() => players.setShown(side, 'stills')}
            />
          </>
        )}
      </div>
      <Marks {...{ viewer, side, isStills, isHeld }} />
    </div>
  )
}

function Marks(props: {
  readonly viewer: Viewer
  readonly side: Side
  readonly isStills: boolean
  readonly isHeld: boolean
}) {
  const { viewer, side, isStills, isHeld } = props
  const texts = matchTexts.value
  const { passage } = viewer
  const changed = side === 'query' && passage !== undefined ? alterationText(passage) : []
  return (
    <div class="st">
      <span class="stag only-s">{side === 'query' ? texts.query : texts.reference}</span>
      {changed.length > 0 && (
        <span class="stag">
          <Icon of={FlipHorizontal2} />
          {viewer.isStraight.value ? texts.shownStraight(listText(changed)) : listText(changed)}
        </span>
      )}
      {isStills && (
        <span class="stag">
          <Icon of={ImageOff} />
          {texts.stillsOnly}
        </span>
      )}
      {isHeld && <span class="stag">{texts.nothingShared}</span>}
    </div>
  )
}

function naturalOf({ match }: Viewer, side: Side): Size {
  const { width, height } = match[side]
  return { width: width || 16, height: height || 9 }
}

/** CSS of the picture. Over each other, both fill the shape of the reference, so that their pixels meet. */
function useLayout(
  viewer: Viewer,
  side: Side,
  { pane, picture }: { readonly pane: Size; readonly picture: Size },
): Record<string, string> {
  const isOver = viewer.shownMode.value !== 'side'
  const straightening = straighteningOf(viewer, side)
  // In whole pixels, the edges of both meet, and their difference has no bright seams.
  const target = isOver ? whole(contain(shapeOf(viewer), pane)) : pane
  const layout = layoutOf(straightening, { picture, pane: target, stretch: isOver })
  const [x, y] = [Math.round((pane.width - target.width) / 2), Math.round((pane.height - target.height) / 2)]
  return {
    width: `${layout.width.toFixed(2)}px`,
    height: `${layout.height.toFixed(2)}px`,
    transform: `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px) ${layout.transform}`,
    clipPath: layout.clipPath,
  }
}

function whole({ width, height }: Size): Size {
  return { width: Math.round(width), height: Math.round(height) }
}

/** The shape that both pictures have once they are straightened: that of the part of the reference that is shown. */
function shapeOf(viewer: Viewer): Size {
  const { width, height } = naturalOf(viewer, 'reference')
  const { box } = straighteningOf(viewer, 'reference')
  if (box === null) return { width, height }
  return { width: width * (box.right - box.left), height: height * (box.bottom - box.top) }
}

function straighteningOf(viewer: Viewer, side: Side): Straightening {
  const { passage } = viewer
  if (passage === undefined || !viewer.isStraight.value) return asItIs
  if (side === 'reference') return { ...asItIs, box: passage.refBox }
  return { box: passage.queryBox, mirrored: passage.mirrored, turn: passage.turn }
}

function enlargementOf({ enlarged }: Viewer): Record<string, string> {
  const { scale, x, y } = enlarged.value
  return scale === 1 ? {} : { transform: `translate(${x}px, ${y}px) scale(${scale})` }
}
