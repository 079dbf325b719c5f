import { useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useRowKeys } from '../../parts/use-row-keys.ts'
import { type StoredVideo, VideoTile } from './video-tile.tsx'

export type VideoListProps = {
  readonly videos: readonly StoredVideo[]
  readonly dnaDbId: string
  /** The ids of the selected videos. */
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
  readonly isStale: boolean
}

export function videoPath(dnaDbId: string, videoId: string): string {
  return `/console/libraries/${encodeURIComponent(dnaDbId)}/videos/${encodeURIComponent(videoId)}`
}

/** Videos as a grid of posters. */
export function VideoGrid({ videos, dnaDbId, selected, onSelect, isStale }: VideoListProps) {
  const { route } = useLocation()
  const grid = useRef<HTMLDivElement>(null)
  const { focused, setFocused } = useRowKeys({
    keys: videos.map(({ videoId }) => videoId),
    container: grid,
    open: (index) => {
      const video = videos[index]
      if (video !== undefined) route(videoPath(dnaDbId, video.videoId))
    },
    selection: { keys: selected, onChange: onSelect },
    columns: () =>
      grid.current === null ? 1 : getComputedStyle(grid.current).gridTemplateColumns.split(' ').length,
  })
  return (
    <div ref={grid} class={isStale ? 'vgrid stale' : 'vgrid'}>
      {videos.map((video, index) => (
        <VideoTile
          key={video.videoId}
          video={video}
          dnaDbId={dnaDbId}
          href={videoPath(dnaDbId, video.videoId)}
          isSelected={selected.has(video.videoId)}
          tabIndex={index === focused ? 0 : -1}
          onFocus={() => setFocused(index)}
          onSelect={() => {
            const next = new Set(selected)
            if (!next.delete(video.videoId)) next.add(video.videoId)
            onSelect(next)
          }}
        />
      ))}
    </div>
  )
}
