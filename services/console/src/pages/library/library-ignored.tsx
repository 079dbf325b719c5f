import type { RouteAnswer } from '@kinoprint/contract'
import { EyeOff } from 'lucide'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText, numberText } from '../../format/format.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { baseName, timeText } from '../../matching/format.ts'
import { ignoredTexts } from '../../matching/ignored-texts.ts'
import { restorePassage } from '../../matching/restore-passage.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { Pager } from '../../parts/pager.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import { videoTexts } from '../video/video-texts.ts'
import { IgnoredSuggestions } from './ignored-suggestions.tsx'
import { PassageStill } from './passage-still.tsx'

type Ignored = RouteAnswer<'listIgnoredPassages'>['items'][number]

const RELOAD_MS = 5000

/** The ignored passages of a library, which can be restored, below those that are suggested. */
export function LibraryIgnored({ dnaDbId }: { readonly dnaDbId: string }) {
  const texts = ignoredTexts.value
  const address = useAddress()
  const { page, pageSize, key } = address
  const loaded = useLoad(() => {
    decisionRound.value
    return api.listIgnoredPassages({ params: { dnaDbId }, query: { page, pageSize } })
  }, key).value
  // Workers look a new passage up in other videos.
  useReloadEvery(loaded, RELOAD_MS)
  const { data, fault, reload } = loaded
  return (
    <>
      <IgnoredSuggestions dnaDbId={dnaDbId} />
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data === undefined && fault === undefined && <TableShape />}
      {data?.total === 0 && (
        <EmptyState icon={EyeOff} title={texts.none}>
          <p>{texts.noneText}</p>
        </EmptyState>
      )}
      {data !== undefined && data.total > 0 && (
        <>
          <div class="card list">
            <DataTable
              label={texts.tab}
              columns={columnsOf(dnaDbId)}
              rows={data.items}
              rowKey={({ ignoredId }) => ignoredId}
            />
          </div>
          <Pager address={address} total={data.total} />
        </>
      )}
    </>
  )
}

function columnsOf(dnaDbId: string): readonly Column<Ignored>[] {
  const texts = ignoredTexts.value
  return [
    {
      key: 'still',
      head: texts.passage,
      cell: (row) => <PassageStill dnaDbId={dnaDbId} passage={row} />,
    },
    {
      key: 'video',
      head: videoTexts.value.title,
      cell: (row) => <PassageName dnaDbId={dnaDbId} row={row} />,
    },
    {
      key: 'seconds',
      head: texts.seconds,
      kind: 'number',
      wideOnly: true,
      cell: ({ start, end }) => numberText(end - start, 1),
    },
    { key: 'videos', head: texts.videos, wideOnly: true, cell: videosText },
    { key: 'effect', head: texts.effect, wideOnly: true, cell: effectText },
    {
      key: 'by',
      head: texts.by,
      wideOnly: true,
      cell: ({ by, createdAt }) => (
        <span class="col">
          <span dir="auto" translate={false}>
            {by ?? texts.unknown}
          </span>
          <span class="sm q">
            <Moment at={createdAt} />
          </span>
        </span>
      ),
    },
    {
      key: 'note',
      head: texts.note,
      wideOnly: true,
      cell: ({ note }) => (
        <span class="ignored-note" dir="auto" translate={false}>
          {note}
        </span>
      ),
    },
    {
      key: 'restore',
      head: '',
      kind: 'actions',
      cell: (row) => (
        <button
          type="button"
          class="btn"
          aria-label={texts.restoreOne(baseName(row.object), rangeText(row))}
          onClick={() => restorePassage(dnaDbId, row)}
          {...needs('restorePassage')}
        >
          {texts.restore}
        </button>
      ),
    },
  ]
}

function PassageName({ dnaDbId, row }: { readonly dnaDbId: string; readonly row: Ignored }) {
  const texts = ignoredTexts.value
  const { videoId, object, videoDeleted } = row
  const href = `/console/libraries/${encodeURIComponent(dnaDbId)}/videos/${encodeURIComponent(videoId)}`
  return (
    <span class="col">
      {videoDeleted ? <ObjectName name={object} /> : <ObjectName name={object} href={href} />}
      <span class="sm q">{rangeText(row)}</span>
      <span class="sm q only-s">{`${videosText(row)} · ${effectText(row)}`}</span>
      {videoDeleted && (
        <span>
          <span class="tag warn">{texts.videoDeleted}</span>
        </span>
      )}
    </span>
  )
}

function rangeText({ start, end }: Ignored): string {
  return `${timeText(start)}–${timeText(end)}`
}

function videosText({ state, everywhere, alsoIn }: Ignored): string {
  const texts = ignoredTexts.value
  if (!everywhere) return texts.ownOnly
  if (state === 'Failed') return texts.failed
  if (alsoIn === null) return texts.searching
  return texts.inVideos(alsoIn + 1, numberText(alsoIn + 1))
}

function effectText({ hidden, shortened }: Ignored): string {
  const texts = ignoredTexts.value
  const hides = texts.hides(hidden, numberText(hidden))
  return shortened === 0 ? hides : listText([hides, texts.shortens(shortened, numberText(shortened))])
}
