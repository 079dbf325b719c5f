import '../../styles/libraries.css'
import '../../styles/jobs.css'
import { useSignal } from '@preact/signals'
import { ChevronRight, FileQuestion, FolderOpen, Upload } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { hoursText, numberText } from '../../format/format.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { ignoredTexts } from '../../matching/ignored-texts.ts'
import { messages } from '../../messages/messages.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IdState } from '../../parts/id-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useFileDrop } from '../../parts/use-file-drop.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { UploadList } from '../../upload/upload-list.tsx'
import { addFiles, uploads } from '../../upload/uploads.ts'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { MatchTable } from '../matches/match-table.tsx'
import { LibraryIgnored } from './library-ignored.tsx'
import { LibrarySettingsTab } from './library-settings.tsx'
import { libraryTexts } from './library-texts.ts'
import { LibraryVideos } from './library-videos.tsx'
import { PickObjects } from './pick-objects.tsx'

const tabs = ['videos', 'matches', 'ignored', 'settings'] as const

/** One library: its videos, matches, ignored passages and settings. Files may be dropped anywhere on the page. */
export default function LibraryPage() {
  const texts = libraryTexts.value
  const dnaDbId = useRoute().params.dnaDbId ?? ''
  const stored = uploads.value.filter(({ state, dnaDbId: id }) => state === 'stored' && id === dnaDbId).length
  const { data, fault, reload } = useLoad(() => {
    decisionRound.value
    return api.getLibrary({ params: { dnaDbId } })
  }, `${dnaDbId} ${stored}`).value
  const { query } = useAddress()
  const tab = tabs.find((one) => one === query.tab) ?? 'videos'
  const field = useRef<HTMLInputElement>(null)
  const [isPicking, setPicking] = useState(false)
  usePageTitle(data?.name ?? librariesTexts.value.title)
  const chosen = useSignal<readonly File[]>([])
  const add = (files: Iterable<File>) => {
    chosen.value = [...chosen.value, ...files]
  }
  // Files may be chosen or dropped before the library has loaded: they wait for it.
  useEffect(() => {
    if (data?.dnaDbId !== dnaDbId || chosen.value.length === 0) return
    addFiles(chosen.value, { dnaDbId, bucket: data.bucket, isFull: data.videoCount >= data.capacity })
    chosen.value = []
  }, [data, dnaDbId, chosen.value])
  const { isOver, zone } = useFileDrop('submitJob', add)
  const path = `/console/libraries/${encodeURIComponent(dnaDbId)}`
  if (fault?.status === 404) {
    return (
      <div class="body">
        <EmptyState icon={FileQuestion} title={texts.missing}>
          <IdState id={dnaDbId} />
          <a class="btn" href="/console/libraries">
            {texts.toLibraries}
          </a>
        </EmptyState>
      </div>
    )
  }
  return (
    <section class={isOver ? 'drop-page over' : 'drop-page'} aria-label={data?.name ?? ''} {...zone}>
      <header class="head">
        <div class="col">
          <nav class="crumbs" aria-label={texts.path}>
            <a class="t" href="/console/libraries">
              {librariesTexts.value.title}
            </a>
            <Icon of={ChevronRight} size="s" />
          </nav>
          <h1 dir="auto" translate={false}>
            {data?.name ?? dnaDbId}
          </h1>
        </div>
        <button
          type="button"
          class="btn"
          disabled={data === undefined}
          onClick={() => setPicking(true)}
          {...needs('submitJob')}
        >
          <Icon of={FolderOpen} />
          {texts.pick}
        </button>
        <button
          type="button"
          class="btn p"
          disabled={data === undefined}
          onClick={() => field.current?.click()}
          {...needs('submitJob')}
        >
          <Icon of={Upload} />
          {texts.add}
        </button>
        <input
          ref={field}
          type="file"
          class="sr"
          multiple
          accept="video/*,.m4v,.mov,.mkv,.ts,.mxf"
          aria-label={texts.add}
          tabIndex={-1}
          {...needs('submitJob')}
          onChange={(event) => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
      </header>
      {fault !== undefined && (
        <div class="body">
          <LoadFailed fault={fault} retry={reload} />
        </div>
      )}
      {data === undefined && fault === undefined && <TableShape />}
      {data !== undefined && (
        <>
          <dl class="f facts">
            <div>
              <dt>{librariesTexts.value.videosOfCapacity}</dt>
              <dd>
                {numberText(data.videoCount)} <span class="q">/ {numberText(data.capacity)}</span>
              </dd>
            </div>
            <div>
              <dt>{librariesTexts.value.length}</dt>
              <dd>{hoursText(data.totalSeconds)}</dd>
            </div>
            <div>
              <dt>{librariesTexts.value.matchesOpen}</dt>
              <dd>{numberText(data.matchesOpen)}</dd>
            </div>
            <div class="hide-s">
              <dt>{librariesTexts.value.reportedFrom}</dt>
              <dd>{data.minSimilar === 0 ? librariesTexts.value.all : `Similar ${data.minSimilar}`}</dd>
            </div>
            <div class="hide-s">
              <dt>{librariesTexts.value.detectOnStore}</dt>
              <dd>{data.detectOnStore ? librariesTexts.value.on : librariesTexts.value.off}</dd>
            </div>
            <div class="hide-s">
              <dt>{texts.id}</dt>
              <dd class="m row g4" translate={false}>
                {dnaDbId}
                <CopyButton text={dnaDbId} label={messages.value.parts.copyId} />
              </dd>
            </div>
          </dl>
          <Tabs
            label={texts.views}
            current={tab}
            tabs={[
              { key: 'videos', label: texts.videos, href: path, count: data.videoCount },
              {
                key: 'matches',
                label: texts.matchesTab,
                href: `${path}?tab=matches`,
                count: data.matchesOpen,
              },
              { key: 'ignored', label: ignoredTexts.value.tab, href: `${path}?tab=ignored` },
              { key: 'settings', label: texts.settings, href: `${path}?tab=settings` },
            ]}
          />
          <div class="body under-tabs">
            <UploadList dnaDbId={dnaDbId} />
            {tab === 'videos' && <LibraryVideos library={data} stored={stored} reloadLibrary={reload} />}
            {tab === 'matches' && <MatchTable filter={{ library: dnaDbId }} />}
            {tab === 'ignored' && <LibraryIgnored dnaDbId={dnaDbId} />}
            {tab === 'settings' && <LibrarySettingsTab key={data.updatedAt} library={data} reload={reload} />}
          </div>
        </>
      )}
      {isPicking && data !== undefined && (
        <PickObjects dnaDbId={dnaDbId} bucket={data.bucket} onClose={() => setPicking(false)} />
      )}
    </section>
  )
}
