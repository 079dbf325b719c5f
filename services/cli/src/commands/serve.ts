import { createMetrics, type Environment, ensureSecrets, onShutdown, startTracing } from '@kinoprint/runtime'
import { version } from '../installed-files.ts'
import { apiFigures } from '../product/figures.ts'
import { importOf } from '../product/library-import.ts'
import { maintenanceOf } from '../product/maintenance.ts'
import { openProduct, orClose } from '../product/open-product.ts'
import { readyLines, urlOf } from '../product/ready-lines.ts'
import { removeServerFile, writeServerFile } from '../product/server-file.ts'
import { startApiPart } from '../product/start-api-part.ts'
import { startLog } from '../product/start-log.ts'
import { startWorkerPart } from '../product/start-worker-part.ts'

/** Runs the API, a worker and the reconciler in this process until a signal ends it. */
export async function serve({ environment }: { environment: Environment }): Promise<void> {
  const { settings, log } = startLog(environment, 'serve')
  const { dataDir, host } = settings
  const secrets = await ensureSecrets(settings)
  const tracing = await startTracing(settings, { log, service: 'kinoprint', version })
  const product = await openProduct(settings, { log, role: 'serve' })
  const metrics = createMetrics({ groups: apiFigures(product) })
  const maintenance = maintenanceOf(product, { settings, log })
  const imports = importOf(product, { settings, log })
  // The API starts first: if its port is in use, startup fails before any job is claimed.
  const options = { settings, secrets, log, metrics, maintenance, imports, version, environment }
  const api = await orClose(product, () => startApiPart(product, options))
  const part = await startWorkerPart(product, options)
  const url = urlOf({ host, port: api.port, isTls: settings.tls !== null })
  const localUrl = api.localPort === null ? url : urlOf({ host: '127.0.0.1', port: api.localPort })
  onShutdown(
    [
      { name: 'address', close: () => removeServerFile(dataDir) },
      // In parallel: requests finish while running jobs return to the queue.
      {
        name: 'api and worker',
        close: ({ timeoutMs }) =>
          Promise.all([
            api.close({ timeoutMs: timeoutMs / 2 }),
            part.reconciler.close(),
            part.callbacks.close({ timeoutMs: timeoutMs / 2 }),
            part.worker.close({ timeoutMs: (timeoutMs * 2) / 3 }),
          ]),
      },
      { name: 'maintenance', close: maintenance.close },
      { name: 'imports', close: imports.close },
      { name: 'database and queue', close: () => product.close() },
      { name: 'traces', close: tracing.close },
    ],
    { log },
  )
  if (product.db.embedded) await writeServerFile(dataDir, { url: localUrl, pid: process.pid })
  process.stdout.write(readyLines(url, secrets))
}
