import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

export type ScramHash = 'sha256' | 'sha512'

type ScramOptions = {
  readonly hash: ScramHash
  readonly username: string
  readonly password: string
  /** Fixed values, for published examples. */
  readonly salt?: Buffer
  readonly nonce?: string
  /** Whether it signs its last message with another password, as a broker that does not know this one would. */
  readonly isForged?: boolean
}

/** One sign-in of a client by SCRAM (RFC 5802), as the server sees it. Each answer is null if the client is wrong. */
export type ScramExchange = {
  first(message: string): string | null
  final(message: string): string | null
}

const ITERATIONS = 4096

export function openScram({
  hash,
  username,
  password,
  isForged = false,
  ...fixed
}: ScramOptions): ScramExchange {
  const { salt = randomBytes(16), nonce = randomBytes(12).toString('base64') } = fixed
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
  const digest = (bytes: Buffer) => createHash(hash).update(bytes).digest()
  const salted = (secret: string) =>
    pbkdf2Sync(secret.normalize('NFKC'), salt, ITERATIONS, hash === 'sha256' ? 32 : 64, hash)
  let [bare, challenge] = ['', '']
  return {
    first: (message) => {
      const [, name = '', clientNonce = ''] = /^n,,n=([^,]*),r=([^,]+)$/.exec(message) ?? []
      if (name.replaceAll('=2C', ',').replaceAll('=3D', '=') !== username) return null
      bare = message.slice(3)
      challenge = `r=${clientNonce}${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`
      return challenge
    },
    final: (message) => {
      const [, unproven = '', given = '', proof = ''] = /^(c=biws,r=([^,]+)),p=(.+)$/.exec(message) ?? []
      if (!challenge.startsWith(`r=${given},`)) return null
      const signed = `${bare},${challenge},${unproven}`
      const clientKey = hmac(salted(password), 'Client Key')
      const signature = hmac(digest(clientKey), signed)
      const expected = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)))
      const proven = Buffer.from(proof, 'base64')
      if (proven.length !== expected.length || !timingSafeEqual(proven, expected)) return null
      const serverKey = hmac(salted(isForged ? `not ${password}` : password), 'Server Key')
      return `v=${hmac(serverKey, signed).toString('base64')}`
    },
  }
}
