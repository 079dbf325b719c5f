import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  copyAsReplica,
  freePort,
  MAX_CONNECTIONS,
  makePostgresFolder,
  runPostgres,
  type Server,
  stop,
} from '../../tests/servers.ts'

/** Runs `work` with `count` streaming replicas of a database's server on this machine. Takes their URLs. */
export async function withReplicas<T>(
  databaseUrl: string,
  count: number,
  work: (readUrls: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-replicas-'))
  const servers: Server[] = []
  try {
    makePostgresFolder(folder)
    for (let n = 1; n <= count; n++) {
      const home = makePostgresFolder(join(folder, String(n)))
      const data = copyAsReplica(home, Number(new URL(databaseUrl).port))
      servers.push(
        await runPostgres({ folder: home, data, port: await freePort(), settings: [MAX_CONNECTIONS] }),
      )
    }
    return await work(servers.map(({ url }) => url))
  } finally {
    for (const { process } of servers) await stop(process, 'SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}
