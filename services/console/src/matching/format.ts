/** m:ss.s for lists, e.g. 2:28.4; h:mm:ss.s from an hour on. `digits`: decimals of the seconds. */
export function timeText(seconds: number, digits = 1): string {
  const unit = 10 ** digits
  const whole = Math.max(0, Math.round(seconds * unit))
  const rest = whole % (60 * unit)
  const minutes = Math.floor(whole / (60 * unit))
  const secondText = (rest / unit).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0')
  const hours = Math.floor(minutes / 60)
  return hours === 0
    ? `${minutes}:${secondText}`
    : `${hours}:${String(minutes % 60).padStart(2, '0')}:${secondText}`
}

/** m:ss.mmm, for the playhead. */
export function momentText(seconds: number): string {
  return timeText(seconds, 3)
}

/** Three decimals with a leading zero: 0.996. A score that is not 1 never reads 1.000. */
export function scoreText(score: number): string {
  return (score < 1 ? Math.min(score, 0.999) : 1).toFixed(3)
}

/** Two decimals, or three if it has them: 0.45. */
export function thresholdText(threshold: number): string {
  return threshold.toFixed(Number.isInteger(Math.round(1000 * threshold) / 10) ? 2 : 3)
}

/** ×1.25, without trailing zeros. */
export function speedText(speed: number): string {
  return `×${Number(speed.toFixed(2))}`
}

/** The last part of an object's name; the whole stands in a title. */
export function baseName(object: string): string {
  return object.slice(object.lastIndexOf('/') + 1) || object
}

const codecs: Readonly<Record<string, string>> = { h264: 'H.264', hevc: 'H.265', mpeg4: 'MPEG-4', av1: 'AV1' }

/** The usual name of a codec, from the name that ffprobe gives it. */
export function codecText(codec: string): string {
  return codecs[codec] ?? codec.toUpperCase()
}
