import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rabbitmqServer } from './debian-programs.ts'
import { canConnect, freePort, stop, waitFor } from './servers.ts'

/** A RabbitMQ for one test file. It takes seconds to start, so only tests that need it start it. */
export type RabbitServer = {
  readonly url: string
  /** Restarts it on the same port, with its data. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Stops its processes and removes its folder. */
  dispose(): Promise<void>
}

export async function startRabbit(): Promise<RabbitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-rabbit-'))
  const account = rabbitAccount()
  if (account) chownSync(folder, account.uid, account.gid)
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n')
  const options = { cwd: folder, ...account }
  const port = await freePort()
  const epmdPort = await freePort()
  // Erlang's name service as a child of this process, because the one that RabbitMQ starts would outlive it.
  const epmd = spawn('epmd', ['-port', String(epmdPort), '-address', '127.0.0.1'], {
    ...options,
    stdio: 'ignore',
  })
  await waitFor('epmd', epmd, () => canConnect(epmdPort))
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: folder,
    // Makes the script exec the server instead of waiting for it.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `kinoprint${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
  }
  let server: ChildProcess | null = null
  const rabbit: RabbitServer = {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    start: async () => {
      server = spawn(rabbitmqServer(), { ...options, env, stdio: 'ignore' })
      await waitFor('RabbitMQ', server, () => canConnect(port))
    },
    stop: async () => {
      if (server) await stop(server, 'SIGTERM')
      server = null
    },
    dispose: async () => {
      await rabbit.stop()
      await stop(epmd, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await rabbit.start()
  return rabbit
}

/** The data folder belongs to the account of Debian's package, as in production. */
function rabbitAccount(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) => Number(execFileSync('id', [flag, 'rabbitmq'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
