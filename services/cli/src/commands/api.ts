import { limitHeapGrowth } from '@kinoprint/core'
import { createMetrics, type Environment, ensureSecrets, onShutdown, startTracing } from '@kinoprint/runtime'
import { version } from '../installed-files.ts'
import { apiFigures } from '../product/figures.ts'
import { importOf } from '../product/library-import.ts'
import { maintenanceOf } from '../product/maintenance.ts'
import { openProduct, orClose } from '../product/open-product.ts'
import { readyLines, urlOf } from '../product/ready-lines.ts'
import { startApiPart } from '../product/start-api-part.ts'
import { startLog } from '../product/start-log.ts'

/** Runs the API against shared servers until a signal ends the process. */
export async function api({ environment }: { environment: Environment }): Promise<void> {
  limitHeapGrowth()
  const { settings, log } = startLog(environment, 'api')
  const secrets = await ensureSecrets(settings)
  const tracing = await startTracing(settings, { log, service: 'kinoprint-api', version })
  const product = await openProduct(settings, { log, role: 'api' })
  const metrics = createMetrics({ groups: apiFigures(product) })
  const maintenance = maintenanceOf(product, { settings, log })
  const imports = importOf(product, { settings, log })
  const options = { settings, secrets, log, metrics, maintenance, imports, version, environment }
  const running = await orClose(product, () => startApiPart(product, options))
  onShutdown(
    [
      { name: 'api', close: ({ timeoutMs }) => running.close({ timeoutMs: timeoutMs / 2 }) },
      { name: 'maintenance', close: maintenance.close },
      { name: 'imports', close: imports.close },
      { name: 'database and queue', close: () => product.close() },
      { name: 'traces', close: tracing.close },
    ],
    { log },
  )
  const url = urlOf({ host: settings.host, port: running.port, isTls: settings.tls !== null })
  process.stdout.write(readyLines(url, secrets))
}
