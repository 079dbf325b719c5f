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
  const { source, time, alt, layout, onSize } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [tile, setTile] = useState<Tile | null>(null)
  useEffect(() => {
    let isOld = false
    source
      .at(time, Number.POSITIVE_INFINITY)
      .then((found) => {
        if (!isOld) setTile(found)
      })
      .catch(() => undefined)
    return () => {
      isOld = true
    }
  }, [source, time])
  useEffect(() => {
    const { current } = canvas
    const context = current?.getContext('2d')
    if (current === null || !context || tile === null) return
    const { image, left, top, width, height } = tile
    if (current.width !== width || current.height !== height) {
      current.width = width
      current.height = height
      onSize({ width, height })
    }
    context.drawImage(image, left, top, width, height, 0, 0, width, height)
  }, [tile])
  if (tile === null) return <p class="gone">{matchTexts.value.noStills}</p>
  return <canvas ref={canvas} role="img" aria-label={alt} style={layout} />
}
