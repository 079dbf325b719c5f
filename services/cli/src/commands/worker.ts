import {
  createMetrics,
  type Environment,
  ensureEncryptionKey,
  onShutdown,
  startHealthServer,
} from '@kinoprint/runtime'
import { collectEarly } from '../product/collect-early.ts'
import { openProduct } from '../product/open-product.ts'
import { orClose } from '../product/or-close.ts'
import { urlOf } from '../product/ready-lines.ts'
import { startLog } from '../product/start-log.ts'
import { startWorkerPart } from '../product/start-worker-part.ts'

/** A worker alone, over servers that it shares with the API; runs until a signal ends it. */
export const worker = async ({ environment }: { environment: Environment }): Promise<void> => {
  collectEarly()
  // Alone on its machine or in its container it may be told its port by PORT, as everything else is.
  const WORKER_PORT = environment.WORKER_PORT || environment.PORT
  const { settings, log } = startLog({ ...environment, WORKER_PORT }, 'worker')
  const encryptionKey = await ensureEncryptionKey(settings)
  const product = await openProduct(settings, { log, role: 'worker' })
  const metrics = createMetrics()
  const { db, queue, objects } = product
  const checks = {
    database: () => db.pool.query('select 1'),
    queue: () => queue.ping(),
    objects: () => objects.check(),
  }
  const { host, workerPort: port } = settings
  const health = await orClose(product, () =>
    startHealthServer({ host, port, checks, metrics, warnings: product.warnings }),
  )
  const part = await startWorkerPart(product, { settings, secrets: { encryptionKey }, log, metrics })
  onShutdown(
    [
      {
        name: 'worker',
        close: ({ timeoutMs }) =>
          Promise.all([
            part.reconciler.close(),
            part.callbacks.close({ timeoutMs: timeoutMs / 2 }),
            part.worker.close({ timeoutMs: (timeoutMs * 2) / 3 }),
          ]),
      },
      { name: 'health', close: () => health.close() },
      { name: 'database and queue', close: () => product.close() },
    ],
    { log },
  )
  process.stdout.write(`Kinoprint worker ready on ${urlOf(health)}\n`)
}
