import { queueTexts } from './queue-texts.ts'
import '../../styles/operating.css'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import { useLive } from '../../shell/live.ts'
import NothingRuns from './nothing-runs.tsx'
import { type Queue, QueueCard } from './queue-card.tsx'
import { Shards } from './shards.tsx'
import { Workers } from './workers.tsx'

/** Ages of workers and of waiting jobs change without an event. */
const RELOAD_MS = 5_000
/** Counting what shards hold takes longer. */
const SHARDS_RELOAD_MS = 15_000

/** The queues with what waits in them, the workers, and the shards if there are any. */
export default function QueuePage() {
  const texts = queueTexts.value
  usePageTitle(texts.title)
  const queues = useLoad(() => api.listQueues({ query: { pageSize: 100 } })).value
  const workers = useLoad(() => api.listWorkers()).value
  useLive('queues', queues.reload)
  useLive('jobs', queues.reload)
  useLive('workers', workers.reload)
  useReloadEvery(queues, RELOAD_MS)
  useReloadEvery(workers, RELOAD_MS)
  const shards = useLoad(() => api.listShards()).value
  useReloadEvery(shards, SHARDS_RELOAD_MS)
  const isStopped = workers.data !== undefined && !workers.data.items.some(({ state }) => state === 'alive')
  return (
    <>
      <PageHead title={texts.title} />
      <div class="body">
        <RoleNote route="updateQueue" />
        {isStopped && (
          <NothingRuns
            lastHeardAt={workers.data?.lastHeardAt ?? null}
            waiting={waitingIn(queues.data?.items ?? [])}
          />
        )}
        {queues.data?.items.map((queue) => (
          <QueueCard key={queue.queueId} queue={queue} onChanged={queues.reload} />
        ))}
        {queues.data === undefined && queues.fault !== undefined && (
          <LoadFailed fault={queues.fault} retry={queues.reload} />
        )}
        {queues.data === undefined && queues.fault === undefined && <TableShape />}
        <Workers loaded={workers} />
        <Shards loaded={shards} />
      </div>
    </>
  )
}

function waitingIn(queues: readonly Queue[]): number {
  return queues.flatMap(({ waiting }) => waiting).reduce((sum, { jobs }) => sum + jobs, 0)
}
