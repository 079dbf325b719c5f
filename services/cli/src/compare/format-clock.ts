/** Seconds as clock time: 75.25 is 1:15.25, 3600 is 1:00:00.00. */
export function formatClock(seconds: number): string {
  const hundredths = Math.round(seconds * 100)
  const whole = Math.floor(hundredths / 100)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  const rest = `${String(whole % 60).padStart(2, '0')}.${String(hundredths % 100).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
