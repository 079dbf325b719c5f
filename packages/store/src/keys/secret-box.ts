import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '@kinoprint/core'

/** AES-256-GCM with the sizes recommended by NIST SP 800-38D. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

type Sealing = { readonly encryptionKey: Buffer; readonly secretId: string; readonly secretKey: string }

/** Encrypts a secret as nonce, tag and ciphertext. It is bound to the key's id, so that swapped rows are detected. */
export function sealSecret({ encryptionKey, secretId, secretKey }: Sealing): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(Buffer.from(secretId))
  const sealed = Buffer.concat([cipher.update(secretKey, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

type Opening = { readonly encryptionKey: Buffer; readonly secretId: string; readonly sealed: Buffer }

/** Decrypts the output of sealSecret. Throws Fault InvalidSettings if the encryption key or the id differs. */
export function openSecret({ encryptionKey, secretId, sealed }: Opening): string {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  try {
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(secretId)).setAuthTag(tag)
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8')
  } catch (cause) {
    throw new Fault(
      'InvalidSettings',
      `The secret of key ${secretId} was stored with another ENCRYPTION_KEY. Set that ENCRYPTION_KEY again.`,
      { cause },
    )
  }
}
