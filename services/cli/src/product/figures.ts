import type { JobQueue } from '@kinoprint/queue'
import { type Check, checkReadiness, type FigureGroup, partChecks } from '@kinoprint/runtime'
import {
  type Database,
  readOperatingFigures,
  readOutdated,
  readQuotaShares,
  readShardStates,
} from '@kinoprint/store'
import type { Product } from './open-product.ts'

/** The figures of a worker: whether its parts answer it. */
export function workerFigures(product: Product): readonly FigureGroup[] {
  return [partFigures(partChecks(product))]
}

/** The figures of the API. Only it reads those of the installation, because every worker would report the same. */
export function apiFigures(product: Product): readonly FigureGroup[] {
  const { db } = product
  return [
    ...[...workerFigures(product), queueFigures(product.queue), databaseFigures(db), shardFigures(db)],
    ...[quotaFigures(db), outdatedFigures(db)],
  ]
}

function queueFigures(queue: Pick<JobQueue, 'counts'>): FigureGroup {
  const name = 'kinoprint_queue_jobs'
  return {
    figures: [{ name, help: 'Jobs in the queue, by state.', labelNames: ['state'] }],
    read: async () => {
      const counts = Object.entries(await queue.counts())
      return counts.map(([state, value]) => ({ name, labels: { state }, value }))
    },
  }
}

function shardFigures(db: Database): FigureGroup {
  const [up, held, indexRows] = [
    'kinoprint_shard_up',
    'kinoprint_shard_fingerprints',
    'kinoprint_shard_index_rows',
  ]
  return {
    figures: [
      { name: up, help: '1 if a shard can be used, otherwise 0.', labelNames: ['shard'] },
      { name: held, help: 'Fingerprints that a shard holds.', labelNames: ['shard'] },
      {
        name: indexRows,
        help: 'Rows of the index on a shard, as its PostgreSQL last estimated them.',
        labelNames: ['shard'],
      },
    ],
    read: async () => {
      const shards = await readShardStates(db)
      return shards.flatMap(({ name, fingerprints, problem, ...shard }) => [
        { name: up, labels: { shard: name }, value: problem === null ? 1 : 0 },
        { name: held, labels: { shard: name }, value: fingerprints },
        ...(shard.indexRows === null
          ? []
          : [{ name: indexRows, labels: { shard: name }, value: shard.indexRows }]),
      ])
    },
  }
}

function quotaFigures(db: Database): FigureGroup {
  const name = 'kinoprint_quota_used_ratio'
  const labelNames = ['key', 'name', 'limit']
  return {
    figures: [{ name, help: 'Used share of each limit of the keys that have one.', labelNames }],
    read: async () => {
      const shares = await readQuotaShares(db)
      return shares.map(({ secretId, name: keyName, limit, used }) => ({
        name,
        labels: { key: secretId, name: keyName, limit },
        value: used,
      }))
    },
  }
}

/** Counting reads a row of every fingerprint, so the scrapes of some minutes share one count. */
const OUTDATED_EVERY_MS = 5 * 60_000

function outdatedFigures(db: Database): FigureGroup {
  const name = 'kinoprint_outdated_videos'
  let counted = { videos: 0, atMs: Number.NEGATIVE_INFINITY }
  return {
    figures: [{ name, help: 'Videos whose fingerprint or index rows are of an older version.' }],
    read: async () => {
      if (performance.now() - counted.atMs >= OUTDATED_EVERY_MS) {
        const libraries = await readOutdated(db)
        const videos = libraries.reduce((sum, library) => sum + library.videos, 0)
        counted = { videos, atMs: performance.now() }
      }
      return [{ name, value: counted.videos }]
    },
  }
}

function databaseFigures(db: Database): FigureGroup {
  return {
    figures: [
      { name: 'kinoprint_libraries', help: 'DNA libraries.' },
      { name: 'kinoprint_videos', help: 'Stored videos.' },
      { name: 'kinoprint_stored_video_seconds', help: 'Total length of the stored videos.' },
      { name: 'kinoprint_database_bytes', help: 'Size of the database on disk.' },
      {
        name: 'kinoprint_index_rows',
        help: 'Rows of the candidate indexes, as PostgreSQL last estimated them.',
        labelNames: ['index'],
      },
      {
        name: 'kinoprint_index_bytes',
        help: 'Size of the candidate indexes on disk, with their B-trees.',
        labelNames: ['index'],
      },
      {
        name: 'kinoprint_waiting_jobs',
        help: 'Jobs that wait for a worker, by level. Paused ones are left out.',
        labelNames: ['level'],
      },
      {
        name: 'kinoprint_waiting_oldest_seconds',
        help: 'Age of the oldest job that waits for a worker, by level; 0 if none waits.',
        labelNames: ['level'],
      },
      { name: 'kinoprint_workers', help: 'Workers that have not stopped, by state.', labelNames: ['state'] },
      { name: 'kinoprint_held_passages', help: 'Passages that the flood guard holds back.' },
      { name: 'kinoprint_callbacks_pending', help: 'Callbacks that are still to be delivered.' },
      {
        name: 'kinoprint_callbacks_overdue_seconds',
        help: 'How long the most overdue callback has been due; 0 if none is.',
      },
      {
        name: 'kinoprint_processed_video_seconds_total',
        help: 'Seconds of video in finished jobs, by rule.',
        type: 'counter',
        labelNames: ['rule'],
      },
    ],
    read: async () => {
      const figures = await readOperatingFigures(db)
      const { indexes, waiting, workers, callbacks, processed } = figures
      return [
        { name: 'kinoprint_libraries', value: figures.libraries },
        { name: 'kinoprint_videos', value: figures.videos },
        { name: 'kinoprint_stored_video_seconds', value: figures.videoSeconds },
        { name: 'kinoprint_database_bytes', value: figures.databaseBytes },
        ...indexes.flatMap(({ index, rows, bytes }) => [
          ...(rows === null ? [] : [{ name: 'kinoprint_index_rows', labels: { index }, value: rows }]),
          { name: 'kinoprint_index_bytes', labels: { index }, value: bytes },
        ]),
        ...waiting.flatMap(({ jobLevel, jobs, oldestSeconds }) => {
          const labels = { level: String(jobLevel) }
          return [
            { name: 'kinoprint_waiting_jobs', labels, value: jobs },
            { name: 'kinoprint_waiting_oldest_seconds', labels, value: oldestSeconds },
          ]
        }),
        { name: 'kinoprint_workers', labels: { state: 'alive' }, value: workers.alive },
        { name: 'kinoprint_workers', labels: { state: 'silent' }, value: workers.silent },
        { name: 'kinoprint_held_passages', value: figures.heldPassages },
        { name: 'kinoprint_callbacks_pending', value: callbacks.pending },
        { name: 'kinoprint_callbacks_overdue_seconds', value: callbacks.overdueSeconds },
        ...processed.map(({ ruleType, videoSeconds }) => ({
          name: 'kinoprint_processed_video_seconds_total',
          labels: { rule: ruleType },
          value: videoSeconds,
        })),
      ]
    },
  }
}

/** Whether each part that a process needs answers it, as /readyz says it. */
function partFigures(checks: Readonly<Record<string, Check>>): FigureGroup {
  const name = 'kinoprint_part_up'
  return {
    figures: [
      { name, help: '1 if a part answers this process within 2 s, otherwise 0.', labelNames: ['part'] },
    ],
    read: async () => {
      // Below the time limit of a read, after which the series would be missing instead of 0.
      const { failing } = await checkReadiness(checks, { timeoutMs: 2_000 })
      const failed = new Set(failing.map(({ part }) => part))
      return Object.keys(checks).map((part) => ({ name, labels: { part }, value: failed.has(part) ? 0 : 1 }))
    },
  }
}
