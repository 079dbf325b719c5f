import { Fault } from '@kinoprint/core'

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/**
 * A moment as the service writes it, in the zone of the process (`TZ`): no colon in the zone, no milliseconds.
 *
 * @example formatTime(new Date(0)) // '1970-01-01T08:00:00+0800' where TZ is Asia/Shanghai
 */
export function formatTime(date: Date): string {
  const offsetMinutes = -date.getTimezoneOffset()
  const sign = offsetMinutes < 0 ? '-' : '+'
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const zone = `${two(Math.floor(Math.abs(offsetMinutes) / 60))}${two(Math.abs(offsetMinutes) % 60)}`
  return `${day}T${time}${sign}${zone}`
}

/** An unescaped `+` in a query arrives as a space, so a space is a plus here. */
const shape = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:Z|([+\- ])(\d{2}):?(\d{2}))$/

/**
 * Reads `2001-01-01T00:00:00+0800`, also with a colon in the zone, with `Z` and with a fraction of a second.
 * `name` is the parameter's, for the Fault InvalidArgument.
 */
export function parseTime(text: string, name: string): Date {
  const found = shape.exec(text)
  if (found !== null) {
    const [, day, time, fraction = '', sign, hours, minutes] = found
    const zone = sign === undefined ? 'Z' : `${sign === '-' ? '-' : '+'}${hours}:${minutes}`
    const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${zone}`)
    // Date rolls 30 February over into March; a day that does not survive the trip was none.
    const local = new Date(`${day}T00:00:00Z`)
    if (!Number.isNaN(date.getTime()) && local.toISOString().startsWith(`${day}`)) {
      return date
    }
  }
  throw new Fault('InvalidArgument', `${name} is not a time like 2001-01-01T00:00:00+0800.`)
}
