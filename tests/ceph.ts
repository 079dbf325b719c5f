import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, stop, waitFor } from './servers.ts'

const run = promisify(execFile)

/** An S3 gateway of Ceph for one test file. Its objects are kept in memory. */
export type CephServer = {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Stops its processes and removes its folder. */
  dispose(): Promise<void>
}

const CLUSTER = '5b0c5d1e-6f0e-4c58-9f8a-0f3f1c1d2e3f'
const KEYS = { accessKeyId: 'AK', secretAccessKey: 'SK' }
const START_TIMEOUT_MS = 120_000

/** Starts the smallest cluster that serves S3: one monitor, one OSD in memory, one gateway. Takes about 20 s. */
export async function startCeph(): Promise<CephServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-ceph-'))
  const [monitorPort, gatewayPort] = [await freePort(), await freePort()]
  const monitor = `v2:127.0.0.1:${monitorPort}`
  const conf = join(folder, 'ceph.conf')
  for (const name of ['mon', 'osd']) mkdirSync(join(folder, name))
  writeFileSync(conf, configuration(folder, { monitor, gatewayPort }))
  const running: ChildProcess[] = []
  const start = (program: string, ...args: string[]): ChildProcess => {
    const child = spawn(program, ['-c', conf, ...args, '-f'], { cwd: folder, stdio: 'ignore' })
    running.push(child)
    return child
  }
  const call = (program: string, ...args: string[]): Promise<{ readonly stdout: string }> =>
    run(program, ['-c', conf, ...args], { cwd: folder, timeout: START_TIMEOUT_MS })
  const dispose = async (): Promise<void> => {
    for (const child of running.reverse()) await stop(child, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const map = join(folder, 'monmap')
    await run('monmaptool', ['--create', '--addv', 'a', `[${monitor}]`, '--fsid', CLUSTER, map])
    await call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map)
    start('ceph-mon', '-i', 'a')
    await call('ceph', '--connect-timeout', '60', 'osd', 'new', CLUSTER)
    await call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', CLUSTER)
    start('ceph-osd', '-i', '0')
    // It waits for the OSD, and creates the pools that the gateway needs.
    const keys = ['--access-key', KEYS.accessKeyId, '--secret-key', KEYS.secretAccessKey]
    await call('radosgw-admin', 'user', 'create', '--uid', 'test', '--display-name', 'test', ...keys)
    const endpoint = `http://127.0.0.1:${gatewayPort}`
    await waitFor('radosgw', start('radosgw', '-n', 'client.rgw.a'), async () => {
      await fetch(endpoint)
    })
    return { endpoint, ...KEYS, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

type Ports = { readonly monitor: string; readonly gatewayPort: number }

function configuration(folder: string, { monitor, gatewayPort }: Ports): string {
  const settings = {
    fsid: CLUSTER,
    'mon host': monitor,
    'mon initial members': 'a',
    'auth cluster required': 'none',
    'auth service required': 'none',
    'auth client required': 'none',
    'run dir': folder,
    'log file': join(folder, '$name.log'),
    'admin socket': join(folder, '$name.asok'),
    'public addr': '127.0.0.1',
    // The gateway encrypts by default, which needs keys.
    'ms mon client mode': 'crc',
    'mon data': join(folder, 'mon'),
    'mon data avail crit': '1',
    'mon data avail warn': '1',
    'mon allow pool size one': 'true',
    'osd data': join(folder, 'osd'),
    'osd objectstore': 'memstore',
    'memstore device bytes': String(1024 ** 3),
    'osd crush chooseleaf type': '0',
    'osd pool default size': '1',
    'osd pool default min size': '1',
    'osd pool default pg num': '1',
    'osd pool default pgp num': '1',
    'osd pool default pg autoscale mode': 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  const gateway = ['[client.rgw.a]', `rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}`]
  return ['[global]', ...lines, ...gateway, ''].join('\n')
}
