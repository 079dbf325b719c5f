import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '@kinoprint/core'

/** AES-256-GCM with the sizes that NIST SP 800-38D recommends. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

type Sealing = { readonly encryptionKey: Buffer; readonly secretId: string; readonly secretKey: string }

/** Nonce, tag and ciphertext; bound to the key's id, so that rows cannot be swapped unnoticed. */
export const sealSecret = ({ encryptionKey, secretId, secretKey }: Sealing): Buffer => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(Buffer.from(secretId))
  const sealed = Buffer.concat([cipher.update(secretKey, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

type Opening = { readonly encryptionKey: Buffer; readonly secretId: string; readonly sealed: Buffer }

export const openSecret = ({ encryptionKey, secretId, sealed }: Opening): string => {
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
    const remedy = 'ENCRYPTION_KEY is not the one that it was stored with; set that one again.'
    throw new Fault('InvalidSettings', `The secret of key ${secretId} cannot be read: ${remedy}`, { cause })
  }
}
