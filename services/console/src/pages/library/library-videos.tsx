import type { RouteAnswer } from '@kinoprint/contract'
import { ScanSearch, SearchX, Trash2, Upload } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FilterChip } from '../../parts/filter-chip.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useRowKeys } from '../../parts/use-row-keys.ts'
import { findCopies } from '../video/find-copies.ts'
import { VideoTile } from './video-tile.tsx'

const orders = ['newest', 'oldest', 'name', 'longest', 'shortest'] as const

/** The videos of a library as a grid of posters, with search, order and a bar for what is selected. */
export function LibraryVideos({
  library,
  stored,
  reloadLibrary,
}: {
  readonly library: RouteAnswer<'getLibrary'>
  /** How many videos this tab has stored: a new one loads the list again. */
  readonly stored: number
  readonly reloadLibrary: () => void
}) {
  const texts = messages.value.library
  const { dnaDbId } = library
  const address = useAddress()
  const { query, page, pageSize, change, key } = address
  const { route } = useLocation()
  const order = orders.find((one) => one === query.order) ?? 'newest'
  const sound = query.sound === 'true' || query.sound === 'false' ? query.sound : undefined
  const { data, fault, reload, isLoading } = useLoad(
    () =>
      api.listVideos({
        params: { dnaDbId },
        query: { page, pageSize, order, q: query.q, hasAudio: sound as never },
      }),
    `${key} ${stored}`,
  ).value
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [isDeleting, setDeleting] = useState(false)
  const grid = useRef<HTMLDivElement>(null)
  const videos = data?.items ?? []
  const hrefOf = (videoId: string) =>
    `/console/libraries/${encodeURIComponent(dnaDbId)}/videos/${encodeURIComponent(videoId)}`
  const { focused, setFocused } = useRowKeys({
    keys: videos.map(({ videoId }) => videoId),
    container: grid,
    open: (index) => {
      const video = videos[index]
      if (video !== undefined) route(hrefOf(video.videoId))
    },
    selection: { keys: selected, onChange: setSelected },
    columns: () =>
      grid.current === null ? 1 : getComputedStyle(grid.current).gridTemplateColumns.split(' ').length,
  })
  const chosen = videos.filter(({ videoId }) => selected.has(videoId))
  const [only] = chosen
  if (data?.total === 0 && query.q === undefined && sound === undefined) {
    return (
      <div class="drop card">
        <EmptyState icon={Upload} title={texts.empty}>
          <p>{texts.emptyText}</p>
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      <div class="filters">
        <SearchField label={texts.search} value={query.q ?? ''} onChange={(q) => change({ q })} />
        <FilterChip
          label={texts.sound}
          value={sound ?? ''}
          choices={[
            { value: 'true', label: texts.withSound },
            { value: 'false', label: texts.noSound },
          ]}
          onChange={(value) => change({ sound: value })}
        />
        <span class="sp" />
        <label class="row g4">
          <span class="sr">{texts.order}</span>
          <select
            class="select"
            value={order}
            onChange={(event) => change({ order: event.currentTarget.value })}
          >
            {orders.map((one) => (
              <option key={one} value={one}>
                {texts.orders[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      <div ref={grid} class={isLoading && data !== undefined ? 'vgrid stale' : 'vgrid'}>
        {videos.map((video, index) => (
          <VideoTile
            key={video.videoId}
            video={video}
            dnaDbId={dnaDbId}
            href={hrefOf(video.videoId)}
            isSelected={selected.has(video.videoId)}
            tabIndex={index === focused ? 0 : -1}
            onFocus={() => setFocused(index)}
            onSelect={() => {
              const next = new Set(selected)
              if (!next.delete(video.videoId)) next.add(video.videoId)
              setSelected(next)
            }}
          />
        ))}
      </div>
      {data?.total === 0 && (
        <EmptyState icon={SearchX} title={texts.noneFiltered}>
          <button type="button" class="btn" onClick={() => change({ q: '', sound: '' })}>
            {messages.value.parts.clearAll}
          </button>
        </EmptyState>
      )}
      {data !== undefined && data.total > 0 && <Pager address={address} total={data.total} />}
      {chosen.length > 0 && only !== undefined && (
        <div class="selbar" role="toolbar" aria-label={texts.selection}>
          <b>{texts.selected(numberText(chosen.length))}</b>
          <span class="sp" />
          {chosen.length === 1 && (
            <button type="button" class="btn" onClick={() => findCopies(only.videoId, { dnaDbId, route })}>
              <Icon of={ScanSearch} />
              {texts.findCopies}
            </button>
          )}
          <button type="button" class="btn danger" onClick={() => setDeleting(true)}>
            <Icon of={Trash2} />
            {messages.value.libraries.delete}
          </button>
          <button type="button" class="btn gh" onClick={() => setSelected(new Set())}>
            {messages.value.parts.cancel}
          </button>
        </div>
      )}
      {isDeleting && (
        <ConfirmByName
          title={texts.deleteVideos(numberText(chosen.length))}
          action={messages.value.libraries.delete}
          onClose={() => setDeleting(false)}
          run={async () => {
            for (const { videoId } of chosen) await api.deleteVideo({ params: { dnaDbId, videoId } })
            showToast({ text: texts.videosDeleted(numberText(chosen.length)) })
            setSelected(new Set())
            reload()
            reloadLibrary()
          }}
        >
          <p>{texts.deleteVideosText}</p>
        </ConfirmByName>
      )}
    </>
  )
}
