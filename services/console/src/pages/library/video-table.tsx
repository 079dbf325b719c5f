import { ImageOff } from 'lucide'
import { useState } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import { bytesText, lengthText, numberText } from '../../format/format.ts'
import { codecText } from '../../matching/format.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { videoTexts } from '../video/video-texts.ts'
import { libraryTexts } from './library-texts.ts'
import { type VideoListProps, videoPath } from './video-grid.tsx'
import type { StoredVideo } from './video-tile.tsx'

/** Videos as a table, whose heads sort. */
export function VideoTable({
  videos,
  dnaDbId,
  selected,
  onSelect,
  isStale,
  order,
  onOrder,
}: VideoListProps & { readonly order: string; readonly onOrder: (order: string) => void }) {
  return (
    <section class="card list">
      <DataTable
        label={libraryTexts.value.videos}
        columns={columns(dnaDbId)}
        rows={videos}
        rowKey={({ videoId }) => videoId}
        rowHref={({ videoId }) => videoPath(dnaDbId, videoId)}
        selection={{ keys: selected, onChange: onSelect }}
        order={order}
        onOrder={onOrder}
        isStale={isStale}
      />
    </section>
  )
}

function columns(dnaDbId: string): readonly Column<StoredVideo>[] {
  const texts = libraryTexts.value
  return [
    {
      key: 'poster',
      head: matchesTexts.value.stills,
      wideOnly: true,
      cell: ({ videoId }) => <Poster address={addressOf('getPoster', { params: { dnaDbId, videoId } })} />,
    },
    {
      key: 'name',
      head: librariesTexts.value.name,
      orders: ['name', 'name'],
      cell: ({ object, videoId, objectGone }) => (
        <span class="col">
          <ObjectName name={object} href={videoPath(dnaDbId, videoId)} />
          {objectGone === true && (
            <span>
              <span class="tag warn">{texts.fileGone}</span>
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'length',
      head: texts.length,
      kind: 'number',
      orders: ['shortest', 'longest'],
      cell: ({ durationSeconds }) => lengthText(durationSeconds),
    },
    {
      key: 'picture',
      head: videoTexts.value.picture,
      wideOnly: true,
      cell: ({ width, height, codec }) => (
        <span class="nw">
          {width}×{height} <span class="q">{codec === null ? '' : codecText(codec)}</span>
        </span>
      ),
    },
    {
      key: 'sound',
      head: texts.sound,
      wideOnly: true,
      cell: ({ hasAudio }) => (hasAudio ? videoTexts.value.yes : <span class="q">{texts.noSound}</span>),
    },
    {
      key: 'bytes',
      head: texts.size,
      kind: 'number',
      wideOnly: true,
      cell: ({ bytes }) => (bytes === null ? '–' : bytesText(bytes)),
    },
    {
      key: 'matches',
      head: texts.matchesTab,
      kind: 'number',
      cell: ({ matches }) => (matches.all === 0 ? <span class="q">0</span> : numberText(matches.all)),
    },
    {
      key: 'stored',
      head: texts.stored,
      wideOnly: true,
      orders: ['oldest', 'newest'],
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ]
}

function Poster({ address }: { readonly address: string }) {
  const [exists, setExists] = useState(true)
  return (
    <span class="th row-poster">
      {exists ? (
        <img src={address} alt="" loading="lazy" onError={() => setExists(false)} />
      ) : (
        <span class="no-poster">
          <Icon of={ImageOff} size="s" />
        </span>
      )}
    </span>
  )
}
