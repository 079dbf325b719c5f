import { ImageOff } from 'lucide'
import { useState } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import { Icon } from '../../parts/icon.tsx'

/** The frame in the middle of a passage; the poster of its video if the file cannot be read. */
export function PassageStill({
  dnaDbId,
  passage: { videoId, bucket, object, start, end },
}: {
  readonly dnaDbId: string
  readonly passage: {
    readonly videoId: string
    readonly bucket: string
    readonly object: string
    readonly start: number
    readonly end: number
  }
}) {
  const sources = [
    addressOf('getStill', { params: { bucket, object }, query: { t: (start + end) / 2, width: '160' } }),
    addressOf('getPoster', { params: { dnaDbId, videoId } }),
  ]
  const [failed, setFailed] = useState(0)
  const source = sources[failed]
  return (
    <span class="th passage-still">
      {source === undefined ? (
        <span class="no-poster">
          <Icon of={ImageOff} />
        </span>
      ) : (
        <img src={source} alt="" loading="lazy" onError={() => setFailed(failed + 1)} />
      )}
    </span>
  )
}
