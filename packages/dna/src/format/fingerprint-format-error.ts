/** Bytes that are not a fingerprint, or not a whole one. */
export class FingerprintFormatError extends Error {
  override readonly name = 'FingerprintFormatError'
}
