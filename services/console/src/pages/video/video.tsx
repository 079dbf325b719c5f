import { needs } from '../../api/role.ts'
import '../../styles/libraries.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { ChevronRight, FileQuestion, RotateCcw, ScanSearch, Trash2 } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { addressOf, api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { bytesText, lengthText, numberText } from '../../format/format.ts'
import { codecText } from '../../matching/format.ts'
import { messages } from '../../messages/messages.ts'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IdState } from '../../parts/id-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { showToast } from '../../parts/toast.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { UploadList } from '../../upload/upload-list.tsx'
import { addObjects, isOpen, uploads } from '../../upload/uploads.ts'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { libraryTexts } from '../library/library-texts.ts'
import { MatchTable } from '../matches/match-table.tsx'
import { findCopies } from './find-copies.ts'
import { Player } from './player.tsx'
import { VideoRanges } from './video-ranges.tsx'
import { videoTexts } from './video-texts.ts'

type Video = RouteAnswer<'getVideo'>

/** Characters in the name of an object that a job can have. */
const OBJECT_MAX = 1024

/** One stored video: player, facts, matches, and which of its seconds are copied most. */
export default function VideoPage() {
  const texts = videoTexts.value
  const { dnaDbId = '', videoId = '' } = useRoute().params
  const { route } = useLocation()
  const params = { dnaDbId, videoId }
  const {
    data: video,
    fault,
    reload,
  } = useLoad(() => api.getVideo({ params }), `${dnaDbId} ${videoId} ${storedAgain(dnaDbId)}`).value
  const library = useLoad(() => api.getLibrary({ params: { dnaDbId } }), dnaDbId).value.data
  const player = useRef<HTMLDivElement>(null)
  const isStoring = uploads.value.some(
    (one) => isOpen(one) && one.dnaDbId === dnaDbId && one.object === video?.object,
  )
  const [isDeleting, setDeleting] = useState(false)
  usePageTitle(video?.object ?? texts.title)
  const libraryPath = `/console/libraries/${encodeURIComponent(dnaDbId)}`
  if (fault?.status === 404) {
    return (
      <div class="body">
        <EmptyState icon={FileQuestion} title={texts.missing}>
          <IdState id={videoId} />
          <a class="btn" href={libraryPath}>
            {texts.toLibrary}
          </a>
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      <header class="head">
        <div class="col">
          <nav class="crumbs" aria-label={libraryTexts.value.path}>
            <a class="t" href="/console/libraries">
              {librariesTexts.value.title}
            </a>
            <Icon of={ChevronRight} size="s" />
            <a class="t" href={libraryPath}>
              <span dir="auto" translate={false}>
                {library?.name ?? texts.library}
              </span>
            </a>
            <Icon of={ChevronRight} size="s" />
          </nav>
          <h1 dir="auto" translate={false}>
            {video?.object ?? videoId}
          </h1>
        </div>
        <button
          type="button"
          class="btn"
          disabled={video === undefined}
          onClick={() => findCopies(videoId, { dnaDbId, route })}
          {...needs('submitJob')}
        >
          <Icon of={ScanSearch} />
          {libraryTexts.value.findCopies}
        </button>
        <button
          type="button"
          class="btn"
          disabled={video === undefined || video.objectGone === true || isStoring}
          onClick={() => {
            if (video === undefined) return
            const { bucket, object, bytes } = video
            addObjects(dnaDbId, [{ bucket, object, bytes: bytes ?? 0 }])
          }}
          {...needs('submitJob')}
        >
          <Icon of={RotateCcw} />
          {libraryTexts.value.storeAgain}
        </button>
        <button
          type="button"
          class="btn danger"
          disabled={video === undefined}
          onClick={() => setDeleting(true)}
          {...needs('deleteVideo')}
        >
          <Icon of={Trash2} />
          {librariesTexts.value.delete}
        </button>
      </header>
      <div class="body">
        {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
        {video === undefined && fault === undefined && <TableShape />}
        {video !== undefined && (
          <>
            <UploadList dnaDbId={dnaDbId} object={video.object} />
            <div class="video-top">
              <div ref={player}>
                <Player key={video.etag} video={video} poster={addressOf('getPoster', { params })} />
              </div>
              <Facts video={video} dnaDbId={dnaDbId} />
            </div>
            <VideoRanges
              key={video.etag}
              dnaDbId={dnaDbId}
              video={video}
              playerTime={() => player.current?.querySelector('video')?.currentTime ?? 0}
              onSeek={(seconds) => {
                const element = player.current?.querySelector('video')
                if (element) element.currentTime = seconds
              }}
            />
            <MatchTable filter={{ library: dnaDbId, videoId }} />
          </>
        )}
      </div>
      {isDeleting && video !== undefined && (
        <ConfirmByName
          title={libraryTexts.value.deleteVideos('1')}
          action={librariesTexts.value.delete}
          onClose={() => setDeleting(false)}
          run={async () => {
            await api.deleteVideo({ params })
            showToast({ text: libraryTexts.value.videosDeleted('1') })
            route(libraryPath)
          }}
        >
          <p>{libraryTexts.value.deleteVideosText}</p>
        </ConfirmByName>
      )}
    </>
  )
}

/** How many uploads of this tab have been stored in a library: another one loads the video again. */
function storedAgain(dnaDbId: string): number {
  return uploads.value.filter((one) => one.state === 'stored' && one.dnaDbId === dnaDbId).length
}

function Facts({ video, dnaDbId }: { readonly video: Video; readonly dnaDbId: string }) {
  const texts = videoTexts.value
  const rows: readonly (readonly [string, string])[] = [
    [texts.length, lengthText(video.durationSeconds)],
    [texts.picture, video.width === 0 ? texts.no : `${video.width}×${video.height}`],
    [
      texts.codec,
      [
        video.codec === null ? null : codecText(video.codec),
        video.fps === null ? null : texts.fps(numberText(video.fps, 2)),
      ]
        .filter(Boolean)
        .join(', '),
    ],
    [texts.sound, video.hasAudio ? texts.yes : texts.no],
    [texts.size, video.bytes === null ? texts.unknown : bytesText(video.bytes)],
    [texts.matches, texts.matchCount(numberText(video.matches.all), numberText(video.matches.open))],
    [texts.bucket, video.bucket],
  ]
  return (
    <section class="card">
      <dl class="f in">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd translate={false}>{value || texts.unknown}</dd>
          </div>
        ))}
        <div>
          <dt>ETag</dt>
          <dd class="m" translate={false}>
            {video.etag.replaceAll('"', '')}
          </dd>
        </div>
        <div>
          <dt>{texts.stored}</dt>
          <dd>
            <Moment at={video.createdAt} />
          </dd>
        </div>
        {video.object.length <= OBJECT_MAX && (
          <StoredBy dnaDbId={dnaDbId} object={video.object} etag={video.etag} />
        )}
        <div>
          <dt>{libraryTexts.value.id}</dt>
          <dd class="m row g4" translate={false}>
            {video.videoId}
            <CopyButton text={video.videoId} label={messages.value.parts.copyId} />
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** The newest job that stored the object here. Imported videos have none, and old jobs are deleted. */
function StoredBy({
  dnaDbId,
  object,
  etag,
}: {
  readonly dnaDbId: string
  readonly object: string
  /** Another one was stored by another job. */
  readonly etag: string
}) {
  const query = {
    dnaDbId,
    object,
    ruleType: 'GetFingerPrint',
    state: 'Success' as never,
    pageSize: 1,
  } as const
  const jobs = useLoad(() => api.listJobs({ query }), `${dnaDbId} ${object} ${etag}`).value.data
  const job = jobs?.items[0]
  if (job === undefined) return null
  return (
    <div>
      <dt>{videoTexts.value.storedBy}</dt>
      <dd class="m" translate={false}>
        <a class="t" href={`/console/jobs/${job.jobId}`}>
          {job.jobId}
        </a>
      </dd>
    </div>
  )
}
