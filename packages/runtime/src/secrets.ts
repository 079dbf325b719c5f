import { randomBytes, randomInt, scryptSync } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, Fault } from '@kinoprint/core'

export type FirstKey = { readonly secretId: string; readonly secretKey: string }

export type Secrets = {
  readonly adminToken: string
  /** The file that contains the token; null if it came from ADMIN_TOKEN. */
  readonly adminTokenFile: string | null
  readonly firstKey: FirstKey
  /** The file that contains the key; null if it came from SECRET_ID and SECRET_KEY. */
  readonly firstKeyFile: string | null
  /** 32 bytes, for AES-256. */
  readonly encryptionKey: Buffer
}

/** The settings that secrets come from. */
type GivenSecrets = {
  readonly dataDir: string
  readonly adminToken: string | null
  readonly firstKey: FirstKey | null
  readonly encryptionKey: string | null
}

const KEY_BYTES = 32
const ADMIN_TOKEN = 'admin-token'
const FIRST_KEY = 'first-key.json'
const ENCRYPTION_KEY = 'encryption-key'
/** Read and write for the owner only. */
const PRIVATE_MODE = 0o600
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/**
 * Reads the secrets from the settings, or from the data folder if a setting is missing. The first start creates them.
 * Processes that start at the same time get the same secrets. Throws Fault InvalidSettings if a secret is missing,
 * damaged or unreadable.
 */
export async function ensureSecrets(given: GivenSecrets): Promise<Secrets> {
  const { dataDir } = given
  const adminTokenFile = given.adminToken === null ? join(dataDir, ADMIN_TOKEN) : null
  const firstKeyFile = given.firstKey === null ? join(dataDir, FIRST_KEY) : null
  // Created first: if a folder has another secret but not this one, this one has been lost.
  const encryptionKey = await ensureEncryptionKey(given)
  const adminToken = given.adminToken ?? (await readOrCreate(dataDir, ADMIN_TOKEN, newToken)).trim()
  const firstKey =
    given.firstKey ??
    firstKeyOf(await readOrCreate(dataDir, FIRST_KEY, newFirstKeyText), join(dataDir, FIRST_KEY))
  if (adminToken === '') throw damaged(join(dataDir, ADMIN_TOKEN))
  return {
    adminToken,
    adminTokenFile,
    firstKey,
    firstKeyFile,
    encryptionKey,
  }
}

/** The only secret that a worker needs; it decrypts the API secrets that sign callbacks. */
export async function ensureEncryptionKey({
  dataDir,
  encryptionKey,
}: Pick<GivenSecrets, 'dataDir' | 'encryptionKey'>): Promise<Buffer> {
  return encryptionKeyOf((encryptionKey ?? (await readEncryptionKey(dataDir))).trim())
}

/** Derives a key of 32 bytes from hex, base64 or a passphrase. */
export function encryptionKeyOf(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, 'base64')
  // The salt is fixed, because a passphrase must give the same key on every machine.
  return scryptSync(text, 'kinoprint encryption key', KEY_BYTES)
}

/**
 * Generates an API key in the format of Tencent Cloud: `AKID` and 32 letters and digits, and a secret of 32 characters.
 */
export function newFirstKey(): FirstKey {
  return { secretId: `AKID${randomLetters(32)}`, secretKey: randomLetters(32) }
}

/** Generates a bearer token of 43 letters and digits (256 bits). */
export function newToken(): string {
  return randomLetters(43)
}

function newFirstKeyText(): string {
  return `${JSON.stringify(newFirstKey(), null, 2)}\n`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}

/**
 * Reads the key that decrypts the API secrets in the database. A lost key is never replaced, because a new one could
 * not decrypt them.
 */
async function readEncryptionKey(dataDir: string): Promise<string> {
  const path = join(dataDir, ENCRYPTION_KEY)
  const others = await Promise.all([ADMIN_TOKEN, FIRST_KEY].map((name) => read(join(dataDir, name))))
  const isUsedFolder = others.some((secret) => secret !== null)
  // Read last, because a process that starts at the same time creates this secret first.
  const found = await read(path)
  if (found === null && isUsedFolder) throw lostEncryptionKey(path, 'missing')
  const text =
    found ?? (await readOrCreate(dataDir, ENCRYPTION_KEY, () => randomBytes(KEY_BYTES).toString('hex')))
  if (text.trim() === '') throw lostEncryptionKey(path, 'empty')
  return text
}

function lostEncryptionKey(path: string, state: 'missing' | 'empty'): Fault {
  return new Fault(
    'InvalidSettings',
    `The encryption key ${path} is ${state}, so the API keys in the database cannot be read. Restore it from a backup, or set ENCRYPTION_KEY to it. Without a copy, see "Rotate keys" in docs/operations.md.`,
  )
}

async function readOrCreate(dataDir: string, name: string, make: () => string): Promise<string> {
  const path = join(dataDir, name)
  const found = await read(path)
  if (found !== null) return found
  await mkdir(dataDir, { recursive: true })
  await createOnce(path, make())
  return (await read(path)) ?? ''
}

async function read(path: string): Promise<string | null> {
  try {
    const content = await readFile(path, 'utf8')
    // A backup or a copy may have restored it with more permissive mode bits.
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, PRIVATE_MODE)
    return content
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new Fault(
      'InvalidSettings',
      `The secret in ${path} cannot be read (${errorCode(error)}). Make it readable for this user, or correct DATA_DIR.`,
      { cause: error },
    )
  }
}

/**
 * Writes a complete file under a temporary name and links it to its final name. Readers never see a partial file, and
 * of two concurrent writers the first one wins.
 */
async function createOnce(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', PRIVATE_MODE)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path).catch(async (error: unknown) => {
      // Some network and FAT file systems do not support hard links.
      if (!NO_LINKS.includes(errorCode(error))) throw error
      await writeFile(path, content, { flag: 'wx', mode: PRIVATE_MODE })
    })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw new Fault(
        'InvalidSettings',
        `The secret ${path} cannot be written (${errorCode(error)}). Make the folder writable, or correct DATA_DIR.`,
        { cause: error },
      )
    }
  } finally {
    await rm(draft, { force: true })
  }
}

function firstKeyOf(text: string, path: string): FirstKey {
  const { secretId, secretKey } = jsonOf(text)
  if (typeof secretId !== 'string' || typeof secretKey !== 'string' || !secretId || !secretKey)
    throw damaged(path)
  return { secretId, secretKey }
}

function jsonOf(text: string): { secretId?: unknown; secretKey?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function damaged(path: string): Fault {
  return new Fault(
    'InvalidSettings',
    `The secret in ${path} is damaged. Restore it, or delete it to get a new one.`,
  )
}
