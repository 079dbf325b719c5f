import { execFileSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { openTcpProxy } from '../../faults/tcp-proxy.ts'

/** A machine of its own, as far as its network goes. */
export type Host = {
  /** Where its servers listen. The test reaches them there. */
  readonly address: string
  /** The program and arguments that run a command on this host. */
  readonly prefix: readonly string[]
  /** The URL under which this host reaches a server of the test. */
  reach(url: string): Promise<string>
  /** Takes its network away: no packet arrives any more, and neither side notices. */
  cut(): void
  mend(): void
}

export type Network = {
  /** How hosts are separated, for the report. */
  readonly kind: string
  /** Where servers of the test must listen, besides 127.0.0.1. */
  readonly address: string
  addHost(): Promise<Host>
  close(): Promise<void>
}

/** Addresses that no real network uses: RFC 2544 reserves 198.18.0.0/15 for tests. */
export const TEST_NETWORK = '198.18.0.0/15'
const SUBNETS = 512
/** Linux allows interface names of 15 characters. */
const NAME_MAX = 9

/**
 * A network namespace for each host, all on one bridge. Where the system does not permit them, TCP proxies separate the
 * hosts: they can be cut as well, but share addresses and ports.
 */
export async function openNetwork(): Promise<Network> {
  const refusal = whyNotPermitted()
  if (refusal === null) return openNamespaces()
  process.stdout.write(`\nNo network namespaces (${refusal}): TCP proxies separate the processes instead.\n`)
  return openProxies()
}

function whyNotPermitted(): string | null {
  if (process.env.CLUSTER_NETWORK === 'proxies') return 'CLUSTER_NETWORK=proxies'
  const name = `kp${process.pid}`.slice(0, NAME_MAX)
  try {
    ip('netns', 'add', name)
    ip('netns', 'del', name)
    ip('link', 'add', name, 'type', 'bridge')
    ip('link', 'del', name)
    return null
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error).trim()
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function openNamespaces(): Network {
  const bridge = `kp${process.pid}`.slice(0, NAME_MAX)
  const subnet = freeSubnet()
  const hosts: string[] = []
  ip('link', 'add', bridge, 'type', 'bridge')
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge)
  ip('link', 'set', bridge, 'up')
  return {
    kind: 'network namespaces',
    address: `${subnet}.1`,
    addHost: async () => {
      const name = `${bridge}-${hosts.length + 1}`
      const address = `${subnet}.${hosts.length + 2}`
      ip('netns', 'add', name)
      hosts.push(name)
      ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
      ip('link', 'set', name, 'master', bridge, 'up')
      ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0')
      for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up')
      return {
        address,
        prefix: ['ip', 'netns', 'exec', name],
        reach: async (url) =>
          url.replace('//127.0.0.1:', `//${subnet}.1:`).replace('@127.0.0.1:', `@${subnet}.1:`),
        cut: () => ip('link', 'set', name, 'down'),
        mend: () => ip('link', 'set', name, 'up'),
      }
    },
    close: async () => {
      for (const name of hosts) ip('netns', 'del', name)
      ip('link', 'del', bridge)
    },
  }
}

/** The first three numbers of a subnet that this machine does not use yet. */
function freeSubnet(): string {
  const used = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address.replace(/\.\d+$/, ''))
  for (let n = process.pid; n < process.pid + SUBNETS; n++) {
    const subnet = `198.${18 + ((n >> 8) & 1)}.${n & 255}`
    if (!used.includes(subnet)) return subnet
  }
  throw new Error(`Every subnet of ${TEST_NETWORK} is in use. Delete bridges that earlier tests left behind.`)
}

function openProxies(): Network {
  const proxies: Awaited<ReturnType<typeof openTcpProxy>>[] = []
  return {
    kind: 'TCP proxies',
    address: '127.0.0.1',
    addHost: async () => {
      const own: typeof proxies = []
      return {
        address: '127.0.0.1',
        prefix: [],
        reach: async (url) => {
          const proxy = await openTcpProxy(Number(new URL(url).port))
          proxies.push(proxy)
          own.push(proxy)
          return url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${proxy.port}`)
        },
        cut: () => {
          for (const proxy of own) proxy.set('silent')
        },
        mend: () => {
          for (const proxy of own) proxy.set('pass')
        },
      }
    },
    close: async () => {
      for (const proxy of proxies) await proxy.close()
    },
  }
}
