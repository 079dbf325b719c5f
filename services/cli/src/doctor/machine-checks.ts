import { constants, existsSync } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { errorCode } from '@kinoprint/core'
import { formatSize } from '@kinoprint/objects'
import { listenFault, readCertificate, type Settings } from '@kinoprint/runtime'
import { urlOf } from '../product/ready-lines.ts'
import { type Finding, failed, ok } from './finding.ts'

/** Below this, a few hours of video fill the disk. */
const SCARCE_BYTES = 1e9
/** The embedded database does not start with less. */
const LEAST_BYTES = 50e6

/** Whether this Node.js is at least the version `least`, such as `20.19`. */
export function checkNode(version: string, least: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok(version)
  const debian =
    'curl -fsSL https://deb.nodesource.com/setup_24.x | sudo bash - && sudo apt-get install -y nodejs'
  return {
    state: 'missing',
    found: `${version}; Kinoprint needs ${least} or newer`,
    cure: `Install Node 24 from https://nodejs.org. Debian: ${debian}`,
  }
}

/** Whether a folder, or the nearest one above it that exists, is writable and has space. Creates nothing. */
export async function checkFolder(folder: string, setting: 'DATA_DIR' | 'BUCKETS_DIR'): Promise<Finding> {
  const existing = nearestExisting(folder)
  try {
    if (!(await stat(existing)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const cure = `Make ${existing} a folder that this user can write to, or set ${setting} to another folder.`
    return { state: 'missing', found: `${folder} cannot be written (${errorCode(error)})`, cure }
  }
  const { bavail, bsize } = await statfs(existing)
  const free = bavail * bsize
  const found = `${folder}, ${formatSize(free)} free${existing === folder ? '' : '; the first start creates it'}`
  if (free >= SCARCE_BYTES) return ok(found)
  const cure = `Free space on the disk of ${existing}, or set ${setting} to a folder on another disk.`
  return { state: free < LEAST_BYTES ? 'missing' : 'warning', found, cure }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder))
}

/** Whether the API can listen, or a Kinoprint server does already. */
export async function checkPort({
  host,
  port,
  tls,
}: Pick<Settings, 'host' | 'port' | 'tls'>): Promise<Finding> {
  try {
    await tryListening(host, port)
    return ok(port === 0 ? `any free port on ${host}` : `${port} on ${host} is free`)
  } catch (error) {
    const url = urlOf({ host, port, isTls: tls !== null })
    if (errorCode(error) === 'EADDRINUSE' && (await isServer(url))) return ok(`a server runs on ${url}`)
    return failed(listenFault(error, { host, port, portSetting: 'PORT' }), 'Check HOST and PORT.')
  }
}

function tryListening(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen({ host, port }, () => server.close(() => resolve()))
  })
}

/** Whether Kinoprint answers at an address: its readiness report lists failing parts. */
async function isServer(url: string): Promise<boolean> {
  try {
    const report = JSON.parse(await (url.startsWith('https:') ? getUnverified : getText)(`${url}/readyz`))
    return Object.hasOwn(report as object, 'failing')
  } catch {
    return false
  }
}

const ANSWER_TIMEOUT_MS = 10_000

async function getText(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })).text()
}

/** The certificate is not checked, because it is usually issued to another name than this address. */
function getUnverified(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const sent = request(url, { rejectUnauthorized: false, signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve(text)).on('error', reject)
    })
    sent.on('error', reject).end()
  })
}

/** Days before its end from which a certificate is reported. */
const RENEWAL_DAYS = 14
const DAY_MS = 86_400_000

/** Whether the certificate and its key can be read, belong together, and are valid for two more weeks. */
export function checkCertificate(files: NonNullable<Settings['tls']>): Finding {
  const { expiresAt } = readCertificate(files)
  const days = Math.floor((expiresAt.getTime() - Date.now()) / DAY_MS)
  const until = expiresAt.toISOString().slice(0, 10)
  if (days >= RENEWAL_DAYS) return ok(`${files.certFile}, valid until ${until}`)
  const cure = `Renew the certificate. A running server uses the new files within 10 s.`
  const found = `${files.certFile} ${days < 0 ? 'expired on' : 'expires on'} ${until}`
  return { state: days < 0 ? 'missing' : 'warning', found, cure }
}

/** Whether the web console has been built. */
export function checkConsole(consoleDir: string): Finding {
  if (existsSync(join(consoleDir, 'index.html'))) return ok('built')
  return { state: 'missing', found: 'the console is not built', cure: 'Run: npm run build' }
}
