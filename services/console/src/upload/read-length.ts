/** How long a browser may take to read the length of a file before the server is left to judge it. */
const READ_LIMIT_MS = 4_000
/** A browser that was stopped may still ask for parts of a file, and logs an error if the address is gone. */
const RELEASE_MS = 60_000

/** The length of a video file in seconds. Null where the browser cannot read the file; the server may. */
export function readLength(file: Blob): Promise<number | null> {
  const video = document.createElement('video')
  const address = URL.createObjectURL(file)
  return new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), READ_LIMIT_MS)
    const end = () => {
      clearTimeout(timer)
      resolve(Number.isFinite(video.duration) ? video.duration : null)
    }
    video.preload = 'metadata'
    video.onloadedmetadata = end
    video.onerror = end
    video.src = address
  }).finally(() => {
    video.removeAttribute('src')
    video.load()
    setTimeout(() => URL.revokeObjectURL(address), RELEASE_MS)
  })
}
