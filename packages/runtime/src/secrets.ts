import { randomBytes, randomInt, scryptSync } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'

export type FirstKey = { readonly secretId: string; readonly secretKey: string }

export type Secrets = {
  readonly adminToken: string
  /** Where the token is kept; null if it was given by ADMIN_TOKEN. */
  readonly adminTokenFile: string | null
  readonly firstKey: FirstKey
  /** Where the key is kept; null if it was given by SECRET_ID and SECRET_KEY. */
  readonly firstKeyFile: string | null
  /** 32 bytes, for AES-256. */
  readonly encryptionKey: Buffer
}

/** The part of the settings that this needs. */
export type GivenSecrets = {
  readonly dataDir: string
  readonly adminToken: string | null
  readonly firstKey: FirstKey | null
  readonly encryptionKey: string | null
}

const KEY_BYTES = 32
const ADMIN_TOKEN = 'admin-token'
const FIRST_KEY = 'first-key.json'
const ENCRYPTION_KEY = 'encryption-key'
/** Readable by its owner only. */
const PRIVATE_MODE = 0o600
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/**
 * The secrets that the settings give, and for those they leave open the ones kept in the data folder, made at the
 * first start. Two processes that start at once end up with the same ones.
 */
export async function ensureSecrets(given: GivenSecrets): Promise<Secrets> {
  const { dataDir } = given
  const adminTokenFile = given.adminToken === null ? join(dataDir, ADMIN_TOKEN) : null
  const firstKeyFile = given.firstKey === null ? join(dataDir, FIRST_KEY) : null
  // First of all, so that a folder with any other secret in it has had this one.
  const encryptionKey = await ensureEncryptionKey(given)
  const adminToken = given.adminToken ?? (await kept(dataDir, ADMIN_TOKEN, newToken)).trim()
  const firstKey =
    given.firstKey ?? firstKeyOf(await kept(dataDir, FIRST_KEY, newFirstKeyText), join(dataDir, FIRST_KEY))
  if (adminToken === '') throw damaged(join(dataDir, ADMIN_TOKEN))
  return {
    adminToken,
    adminTokenFile,
    firstKey,
    firstKeyFile,
    encryptionKey,
  }
}

/** The one secret that a worker needs: callbacks are signed with the secrets that it opens. */
export const ensureEncryptionKey = async ({
  dataDir,
  encryptionKey,
}: Pick<GivenSecrets, 'dataDir' | 'encryptionKey'>): Promise<Buffer> =>
  encryptionKeyOf((encryptionKey ?? (await keptEncryptionKey(dataDir))).trim())

/** 32 bytes from hex or base64; any other text is a passphrase. */
export function encryptionKeyOf(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, 'base64')
  // A fixed salt, because the same passphrase must open the same database on every machine.
  return scryptSync(text, 'kinoprint encryption key', KEY_BYTES)
}

/** The shape that clients of the service know: `AKID` and 32 letters and digits. */
export const newFirstKey = (): FirstKey => ({ secretId: `AKID${letters(32)}`, secretKey: letters(32) })

export const newToken = (): string => letters(43)

const newFirstKeyText = (): string => `${JSON.stringify(newFirstKey(), null, 2)}\n`

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const letters = (count: number): string =>
  Array.from({ length: count }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')

/**
 * The key that opens the API secrets in the database. One that is gone is never replaced: with a new one no API key
 * could be read any more.
 */
async function keptEncryptionKey(dataDir: string): Promise<string> {
  const path = join(dataDir, ENCRYPTION_KEY)
  const others = await Promise.all([ADMIN_TOKEN, FIRST_KEY].map((name) => read(join(dataDir, name))))
  const isUsedFolder = others.some((secret) => secret !== null)
  // Read after the others: a process that starts at the same moment makes this one first.
  const found = await read(path)
  if (found === null && isUsedFolder) throw lostEncryptionKey(path, 'is missing')
  const text = found ?? (await kept(dataDir, ENCRYPTION_KEY, () => randomBytes(KEY_BYTES).toString('hex')))
  if (text.trim() === '') throw lostEncryptionKey(path, 'is empty')
  return text
}

const lostEncryptionKey = (path: string, how: string): Fault =>
  new Fault(
    'InvalidSettings',
    `The encryption key ${path} ${how}, and without it the API keys in the database cannot be read. Restore it, or set ENCRYPTION_KEY to it. If no copy exists, see "Rotate keys" in docs/operations.md.`,
  )

async function kept(dataDir: string, name: string, make: () => string): Promise<string> {
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
    // Restored from a backup, or copied about: nobody else is to read it.
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, PRIVATE_MODE)
    return content
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new Fault(
      'InvalidSettings',
      `The secret in ${path} cannot be read (${codeOf(error)}). Make it readable for this user, or correct DATA_DIR.`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Writes the file in full under another name and links it into place: a reader sees all of it or none, and of two
 * writers the second finds the first one's file and leaves it.
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
      // Some network and FAT file systems have no hard links: there the file itself is created exclusively.
      if (!NO_LINKS.includes(codeOf(error))) throw error
      await writeFile(path, content, { flag: 'wx', mode: PRIVATE_MODE })
    })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw new Fault('InvalidSettings', `The secret ${path} cannot be written (${codeOf(error)}).`, {
        cause: error,
      })
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

const damaged = (path: string): Fault =>
  new Fault(
    'InvalidSettings',
    `The secret in ${path} is damaged. Restore it, or delete it to have a new one made.`,
  )

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
