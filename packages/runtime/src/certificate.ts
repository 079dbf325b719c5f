import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { errorCode, errorText, Fault, type Log } from '@kinoprint/core'

/** Where a certificate and its key are: absolute paths of two PEM files. */
export type CertificateFiles = { readonly certFile: string; readonly keyFile: string }

/** A certificate with its chain, and its private key, in PEM. */
export type Certificate = { readonly cert: string; readonly key: string; readonly expiresAt: Date }

const RENEW = 'Set TLS_CERT_FILE to a PEM certificate with its chain, and TLS_KEY_FILE to its private key.'

/** Reads and checks both files. Throws Fault InvalidSettings if one cannot be read, or if they do not belong together. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const cert = readPem('TLS_CERT_FILE', certFile)
  const key = readPem('TLS_KEY_FILE', keyFile)
  try {
    createSecureContext({ cert, key })
    return { cert, key, expiresAt: new Date(new X509Certificate(cert).validTo) }
  } catch (cause) {
    const message = `${certFile} and ${keyFile} are not a certificate and its key (${errorText(cause)}). ${RENEW}`
    throw new Fault('InvalidSettings', message, { cause })
  }
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const message = `${setting} names ${path}, which cannot be read (${errorCode(cause)}). ${RENEW}`
    throw new Fault('InvalidSettings', message, { cause })
  }
}

/** How often the files are checked for a renewed certificate. */
const CHECK_MS = 10_000

type WatchOptions = {
  readonly log: Log
  /** The certificate in use. */
  readonly current: Certificate
  readonly onChange: (certificate: Certificate) => void
  /** Default: 10 s. */
  readonly checkMs?: number
}

/**
 * Calls `onChange` with each renewed certificate. While the two files do not belong together, as in the middle of a
 * renewal, the previous certificate stays. Returns a function that stops watching.
 */
export function watchCertificate(
  files: CertificateFiles,
  { log, current, onChange, checkMs = CHECK_MS }: WatchOptions,
): () => void {
  let seen = current.cert + current.key
  const check = (): void => {
    const found = contentOf(files)
    if (found === seen) return
    seen = found
    try {
      const certificate = readCertificate(files)
      onChange(certificate)
      log.info({ expiresAt: certificate.expiresAt.toISOString() }, 'Reloaded the TLS certificate')
    } catch (error) {
      log.warn({ error: errorText(error) }, 'Could not reload the TLS certificate; the previous one stays')
    }
  }
  const timer = setInterval(check, checkMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Both files, to compare; empty if one cannot be read. */
function contentOf({ certFile, keyFile }: CertificateFiles): string {
  try {
    return readFileSync(certFile, 'utf8') + readFileSync(keyFile, 'utf8')
  } catch {
    return ''
  }
}
