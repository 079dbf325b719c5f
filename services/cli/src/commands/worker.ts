import { limitHeapGrowth } from '@kinoprint/core'
import {
  createMetrics,
  type Environment,
  ensureEncryptionKey,
  onShutdown,
  partChecks,
  startHealthServer,
  startTracing,
} from '@kinoprint/runtime'
import { version } from '../installed-files.ts'
import { workerFigures } from '../product/figures.ts'
import { openProduct, orClose } from '../product/open-product.ts'
import { urlOf } from '../product/ready-lines.ts'
import { startLog } from '../product/start-log.ts'
import { startWorkerPart } from '../product/start-worker-part.ts'

/** Runs one worker against the servers it shares with the API, until a signal ends the process. */
export async function worker({ environment }: { environment: Environment }): Promise<void> {
  limitHeapGrowth()
  // In its own container, the worker may get its port from PORT like any other service.
  const WORKER_PORT = environment.WORKER_PORT || environment.PORT
  const { settings, log } = startLog({ ...environment, WORKER_PORT }, 'worker')
  const encryptionKey = await ensureEncryptionKey(settings)
  const tracing = await startTracing(settings, { log, service: 'kinoprint-worker', version })
  const product = await openProduct(settings, { log, role: 'worker' })
  const metrics = createMetrics({ groups: workerFigures(product) })
  const checks = partChecks(product)
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
      { name: 'traces', close: tracing.close },
    ],
    { log },
  )
  process.stdout.write(`Kinoprint worker ready on ${urlOf(health)}\n`)
}
