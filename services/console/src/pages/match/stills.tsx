import { useEffect, useRef, useState } from 'preact/hooks'
import { type FrameSource, stillAddress, type Tile } from '../../matching/frame-source.ts'
import { matchTexts } from '../../matching/match-texts.ts'

export type Size = { readonly width: number; readonly height: number }

type Shown = {
  readonly time: number
  readonly alt: string
  readonly layout: Record<string, string>
  readonly onSize: (size: Size) => void
}

/** A side that the browser cannot play: frames of the server, at most four a second of video. */
export function DecodedStill(props: Shown & { readonly bucket: string; readonly object: string }) {
  const { bucket, object, time, alt, layout, onSize } = props
  const address = stillAddress({ bucket, object, time: Math.round(4 * time) / 4, width: 640 })
  const { shown, hasFailed } = useNewest(address, onSize)
  if (shown === null) return hasFailed ? <p class="gone">{matchTexts.value.noFrame}</p> : null
  return <img src={shown} alt={alt} style={layout} />
}

/**
 * The last of the wanted images that has loaded. One loads at a time, and then only the newest: the server decodes more
 * slowly than a playhead is dragged.
 */
function useNewest(address: string, onSize: (size: Size) => void) {
  const [shown, setShown] = useState<string | null>(null)
  const [hasFailed, setFailed] = useState(false)
  const wanted = useRef(address)
  const isLoading = useRef(false)
  wanted.current = address
  useEffect(() => {
    const load = (next: string) => {
      isLoading.current = true
      const image = new Image()
      const end = (isLoaded: boolean) => {
        isLoading.current = false
        setFailed(!isLoaded)
        if (isLoaded) {
          setShown(next)
          onSize({ width: image.naturalWidth, height: image.naturalHeight })
        }
        if (wanted.current !== next) load(wanted.current)
      }
      image.onload = () => end(true)
      image.onerror = () => end(false)
      image.src = next
    }
    if (!isLoading.current) load(address)
  }, [address])
  return { shown, hasFailed }
}

/** A side whose file is gone: the nearest of its thumbnails. */
export function KeptStill(props: Shown & { readonly source: FrameSource }) {
  const tile = useNearestTile(props.source, props.time)
  if (tile === undefined) return null
  if (tile === null) return <p class="gone">{matchTexts.value.noStills}</p>
  return <TilePicture {...props} tile={tile} />
}

/** What stands behind a player until its first frame is there: the nearest thumbnail, or nothing. */
export function LoadingStill(props: Omit<Shown, 'alt' | 'onSize'> & { readonly source: FrameSource }) {
  const tile = useNearestTile(props.source, props.time)
  return tile ? <TilePicture layout={props.layout} tile={tile} /> : null
}

/** The thumbnail nearest to a second: undefined until it has loaded, null if there is none. */
function useNearestTile(source: FrameSource, time: number): Tile | null | undefined {
  const [tile, setTile] = useState<Tile | null>()
  useEffect(() => {
    let isOld = false
    const show = (found: Tile | null) => {
      if (!isOld) setTile(found)
    }
    source.at(time, Number.POSITIVE_INFINITY).then(show, () => show(null))
    return () => {
      isOld = true
    }
  }, [source, time])
  return tile
}

/** A thumbnail, drawn in its own size and stretched by the layout. Without `alt` it is decoration. */
function TilePicture(
  props: Pick<Shown, 'layout'> & Partial<Pick<Shown, 'alt' | 'onSize'>> & { readonly tile: Tile },
) {
  const { tile, alt, layout, onSize } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { current } = canvas
    const context = current?.getContext('2d')
    if (current === null || !context) return
    const { image, left, top, width, height } = tile
    if (current.width !== width || current.height !== height) {
      current.width = width
      current.height = height
      onSize?.({ width, height })
    }
    context.drawImage(image, left, top, width, height, 0, 0, width, height)
  }, [tile])
  return (
    <canvas
      ref={canvas}
      style={layout}
      role={alt === undefined ? 'presentation' : 'img'}
      aria-label={alt}
      aria-hidden={alt === undefined}
    />
  )
}
