import type { RouteAnswer } from '@kinoprint/contract'
import { Library, Trash2 } from 'lucide'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { hoursText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Bar } from '../../parts/bar.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ManagedList } from '../../parts/managed-list.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { useLive } from '../../shell/live.ts'
import { DeleteLibrary } from './delete-library.tsx'
import { librariesTexts } from './libraries-texts.ts'
import { NewLibrary } from './new-library.tsx'

type LibraryRow = RouteAnswer<'listLibraries'>['items'][number]

const orders = ['oldest', 'newest', 'name'] as const
/** From this share of its capacity a library counts as nearly full. */
const NEARLY_FULL = 0.9
/** While jobs run their events come every second; counts of libraries may lag behind. */
const LIVE_MS = 5_000

function libraryPath(dnaDbId: string): string {
  return `/console/libraries/${encodeURIComponent(dnaDbId)}`
}

/** All libraries. */
export default function Libraries() {
  const texts = librariesTexts.value
  usePageTitle(texts.title)
  const { route } = useLocation()
  const address = useAddress()
  const { query, page, pageSize, key, change } = address
  const order = orders.find((one) => one === query.order) ?? 'oldest'
  const loaded = useLoad(() => api.listLibraries({ query: { page, pageSize, order, q: query.q } }), key).value
  const { reload } = loaded
  useLive('jobs', reload, LIVE_MS)
  useLive('matches', reload, LIVE_MS)
  const [isAdding, setAdding] = useState(false)
  const [deleting, setDeleting] = useState<LibraryRow | null>(null)
  return (
    <>
      <ManagedList
        title={texts.title}
        add={{ label: texts.add, run: () => setAdding(true), route: 'createLibrary' }}
        search={{ label: texts.search, nothing: texts.noneFiltered }}
        empty={{ icon: Library, title: messages.value.parts.noLibraries, text: texts.noneText }}
        loaded={loaded}
        address={address}
      >
        {({ items }, isStale) => (
          <DataTable
            label={texts.title}
            columns={columns(setDeleting)}
            rows={items}
            order={order}
            onOrder={(next) => change({ order: next })}
            rowKey={({ dnaDbId }) => dnaDbId}
            rowHref={({ dnaDbId }) => libraryPath(dnaDbId)}
            isStale={isStale}
          />
        )}
      </ManagedList>
      {isAdding && (
        <NewLibrary onClose={() => setAdding(false)} onCreated={(dnaDbId) => route(libraryPath(dnaDbId))} />
      )}
      {deleting !== null && (
        <DeleteLibrary library={deleting} onClose={() => setDeleting(null)} onDeleted={reload} />
      )}
    </>
  )
}

function columns(remove: (library: LibraryRow) => void): readonly Column<LibraryRow>[] {
  const texts = librariesTexts.value
  return [
    {
      key: 'name',
      head: texts.name,
      orders: ['name', 'name'],
      cell: ({ name, dnaDbId, description }) => (
        <a class="lib-name" href={libraryPath(dnaDbId)} title={description} dir="auto" translate={false}>
          {name}
        </a>
      ),
    },
    {
      key: 'videos',
      head: texts.videosOfCapacity,
      cell: ({ videoCount, capacity }) => <Fullness videos={videoCount} capacity={capacity} />,
    },
    {
      key: 'hours',
      head: texts.length,
      kind: 'number',
      cell: ({ totalSeconds }) => hoursText(totalSeconds),
      wideOnly: true,
    },
    {
      key: 'matches',
      head: texts.matchesOpen,
      kind: 'number',
      cell: ({ matchesOpen }) => numberText(matchesOpen),
    },
    {
      key: 'similar',
      head: texts.reportedFrom,
      kind: 'number',
      cell: ({ minSimilar }) => (minSimilar === 0 ? texts.all : numberText(minSimilar)),
      wideOnly: true,
    },
    {
      key: 'detect',
      head: texts.detectOnStore,
      cell: ({ detectOnStore }) => (detectOnStore ? texts.on : texts.off),
      wideOnly: true,
    },
    {
      key: 'actions',
      head: '',
      kind: 'actions',
      wideOnly: true,
      cell: (library) => (
        <button
          type="button"
          class="btn ic xs gh"
          title={texts.delete}
          aria-label={texts.deleteOne(library.name)}
          onClick={() => remove(library)}
          {...needs('deleteLibrary')}
        >
          <Icon of={Trash2} size="s" />
        </button>
      ),
    },
  ]
}

function Fullness({ videos, capacity }: { readonly videos: number; readonly capacity: number }) {
  const texts = librariesTexts.value
  const share = videos / Math.max(1, capacity)
  return (
    <span class="fullness">
      <span class="nw">
        {numberText(videos)} <span class="q">/ {numberText(capacity)}</span>
      </span>
      <Bar value={share} label={texts.capacity} tone={share >= NEARLY_FULL ? 'warn' : undefined} />
    </span>
  )
}
