import { addressOf } from '../api/client.ts'

/** A picture of a video at about a second: the part of an image that shows it. */
export type Tile = {
  readonly image: HTMLImageElement
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** By how many seconds it misses the wanted moment. */
  readonly missedBy: number
}

/** Where frames of a video come from. */
export type FrameSource = {
  /** Width over height. */
  readonly aspect: number
  /** The frame nearest to a second, with `step` seconds between the wanted frames. Null if there is none. */
  readonly at: (time: number, step: number, width?: StillWidth) => Promise<Tile | null>
  /** The times of the thumbnails; null if there are none. */
  readonly thumbnailTimes: () => Promise<readonly number[] | null>
}

type StillWidth = 160 | 320 | 640 | 1280

type SpriteIndex = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly times: readonly number[]
}

export type SpriteAddress = { readonly image: string; readonly index: string }

const sprites = new Map<string, Promise<{ image: HTMLImageElement; index: SpriteIndex } | null>>()

/** Frames from the thumbnails of a video; where they are too coarse or missing, decoded by the server one by one. */
export function frameSourceOf(
  about: {
    readonly bucket: string
    readonly object: string
    readonly aspect: number
    /** Whether its file is gone, so that only thumbnails can show it. */
    readonly isGone?: boolean
  },
  sprite: SpriteAddress | null,
): FrameSource {
  const decode = (time: number, width: StillWidth) =>
    about.isGone ? Promise.resolve(null) : decodedFrame({ ...about, width }, time)
  return {
    aspect: about.aspect,
    thumbnailTimes: async () => (sprite === null ? null : ((await loadSprite(sprite))?.index.times ?? null)),
    at: async (time, step, width = 160) => {
      const sheet = sprite === null ? null : await loadSprite(sprite)
      if (sheet === null) return decode(time, width)
      const { index, image } = sheet
      let nearest = 0
      index.times.forEach((at, tile) => {
        if (Math.abs(at - time) < Math.abs((index.times[nearest] ?? 0) - time)) nearest = tile
      })
      const distance = Math.abs((index.times[nearest] ?? 0) - time)
      // Closer in than the thumbnails are: exact frames, if the file is still there.
      const isCoarse = width > index.tileWidth || distance > Math.max(step, 0.2)
      const exact = isCoarse ? await decode(time, width) : null
      return (
        exact ?? {
          image,
          left: (nearest % index.columns) * index.tileWidth,
          top: Math.floor(nearest / index.columns) * index.tileHeight,
          width: index.tileWidth,
          height: index.tileHeight,
          missedBy: distance,
        }
      )
    },
  }
}

function loadSprite(address: SpriteAddress) {
  const known = sprites.get(address.image)
  if (known !== undefined) return known
  const loading = Promise.all([
    loadImage(address.image),
    fetch(address.index).then((response) => (response.ok ? (response.json() as Promise<SpriteIndex>) : null)),
  ])
    .then(([image, index]) => (image === null || index === null ? null : { image, index }))
    .catch(() => null)
  sprites.set(address.image, loading)
  return loading
}

/** The server decodes few stills at a time and refuses more; two at a time also leave connections for the players. */
const AT_ONCE = 2
const RETRY_MS = 1000
const MOST_KEPT = 300
const stills = new Map<string, Promise<Tile | null>>()
const waiting: (() => void)[] = []
let running = 0

function decodedFrame(
  { bucket, object, width }: { readonly bucket: string; readonly object: string; readonly width: StillWidth },
  time: number,
): Promise<Tile | null> {
  const address = stillAddress({ bucket, object, time, width })
  const known = stills.get(address)
  if (known !== undefined) return known
  const loading = inTurn(async () => {
    const image = (await loadImage(address)) ?? (await wait(RETRY_MS).then(() => loadImage(address)))
    if (image === null) return null
    return { image, left: 0, top: 0, width: image.naturalWidth, height: image.naturalHeight, missedBy: 0 }
  })
  if (stills.size > MOST_KEPT) stills.clear()
  stills.set(address, loading)
  return loading
}

/** The address of a frame of an object. Tenths of a second, so that the browser's cache is of use. */
export function stillAddress(of: {
  readonly bucket: string
  readonly object: string
  readonly time: number
  readonly width: StillWidth
}): string {
  const { bucket, object, time, width } = of
  return addressOf('getStill', { params: { bucket, object }, query: { t: time.toFixed(1), width } })
}

async function inTurn<T>(act: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await act()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function loadImage(address: string): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => resolve(null)
    image.src = address
  })
}
