import type { RouteAnswer } from '@kinoprint/contract'
import { Film, LayoutGrid, List, SearchX, TriangleAlert, Upload } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { may } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FilterChip } from '../../parts/filter-chip.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Pager } from '../../parts/pager.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { preferences, setPreference } from '../../preferences.ts'
import { libraryTexts } from './library-texts.ts'
import { SelectionBar } from './selection-bar.tsx'
import { VideoGrid } from './video-grid.tsx'
import { VideoTable } from './video-table.tsx'

const orders = ['newest', 'oldest', 'name', 'longest', 'shortest'] as const
/** In seconds, as the API takes them. */
const lengths = ['0-60', '60-600', '600-3600', '3600'] as const
const views = ['grid', 'table'] as const
const viewIcons = { grid: LayoutGrid, table: List } as const

/** The videos of a library as posters or as a table, with search, order and a bar for what is selected. */
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
  const texts = libraryTexts.value
  const { dnaDbId } = library
  const address = useAddress()
  const { query, page, pageSize, change, key } = address
  const order = orders.find((one) => one === query.order) ?? 'newest'
  const view = views.find((one) => one === query.view) ?? preferences.value.videoView
  const sound = query.sound === 'true' || query.sound === 'false' ? query.sound : undefined
  const seconds = query.seconds === '' ? undefined : query.seconds
  const { data, fault, reload, isLoading } = useLoad(
    () =>
      api.listVideos({
        params: { dnaDbId },
        query: { page, pageSize, order, q: query.q, hasAudio: sound as never, seconds },
      }),
    `${key} ${stored}`,
  ).value
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const videos = data?.items ?? []
  const clear = () => setSelected(new Set())
  if (data?.total === 0 && query.q === undefined && sound === undefined && seconds === undefined) {
    return (
      <div class="drop card">
        {may('submitJob') ? (
          <EmptyState icon={Upload} title={texts.empty}>
            <p>{texts.emptyText}</p>
          </EmptyState>
        ) : (
          <EmptyState icon={Film} title={texts.noVideos}>
            <RoleNote route="submitJob" />
          </EmptyState>
        )}
      </div>
    )
  }
  const list = { videos, dnaDbId, selected, onSelect: setSelected, isStale: isLoading && data !== undefined }
  return (
    <>
      <RoleNote route="submitJob" />
      {library.videoCount >= library.capacity && <Full library={library} />}
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
        <FilterChip
          label={texts.length}
          value={seconds ?? ''}
          choices={lengths.map((value) => ({ value, label: texts.lengths[value] }))}
          onChange={(value) => change({ seconds: value })}
        />
        <span class="sp" />
        <div class="row list-view">
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
          <fieldset class="seg" aria-label={texts.view}>
            {views.map((one) => (
              <button
                key={one}
                type="button"
                class={one === view ? 'on' : ''}
                aria-pressed={one === view}
                aria-label={texts.viewNames[one]}
                title={texts.viewNames[one]}
                onClick={() => {
                  setPreference('videoView', one)
                  change({ view: one, page })
                }}
              >
                <Icon of={viewIcons[one]} />
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data === undefined && fault === undefined && <TableShape />}
      {videos.length > 0 &&
        (view === 'grid' ? (
          <VideoGrid {...list} />
        ) : (
          <VideoTable {...list} order={order} onOrder={(next) => change({ order: next })} />
        ))}
      {data?.total === 0 && (
        <EmptyState icon={SearchX} title={texts.noneFiltered}>
          <button type="button" class="btn" onClick={() => change({ q: '', sound: '', seconds: '' })}>
            {messages.value.parts.clearAll}
          </button>
        </EmptyState>
      )}
      {data !== undefined && data.total > 0 && <Pager address={address} total={data.total} />}
      {videos.some(({ videoId }) => selected.has(videoId)) && (
        <SelectionBar
          dnaDbId={dnaDbId}
          chosen={videos.filter(({ videoId }) => selected.has(videoId))}
          onClear={clear}
          onDeleted={() => {
            clear()
            reload()
            reloadLibrary()
          }}
        />
      )}
    </>
  )
}

/** Says that the library takes no further video. */
function Full({
  library: { dnaDbId, videoCount, capacity },
}: {
  readonly library: RouteAnswer<'getLibrary'>
}) {
  const texts = libraryTexts.value
  return (
    <p class="notice warn">
      <Icon of={TriangleAlert} />
      <span>
        <b>{texts.full(numberText(videoCount), numberText(capacity))}</b> {texts.fullText}
      </span>
      <span class="sp" />
      <a class="btn xs" href={`/console/libraries/${encodeURIComponent(dnaDbId)}?tab=settings`}>
        {texts.settings}
      </a>
    </p>
  )
}
