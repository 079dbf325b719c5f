import { Fault } from '@kinoprint/core'

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/**
 * Formats a time as the public service does: in the zone of the process (`TZ`), whole seconds, no colon in the offset.
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

/** An unescaped `+` in a query arrives as a space, so a space counts as a plus. */
const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:Z|([+\- ])(\d{2}):?(\d{2}))$/

/**
 * Parses `2001-01-01T00:00:00+0800`, also with a colon in the offset, with `Z`, or with a fraction of a second. Throws
 * Fault InvalidArgument with `name`, the name of the parameter.
 */
export function parseTime(text: string, name: string): Date {
  const found = TIME.exec(text)
  if (found !== null) {
    const [, day, time, fraction = '', sign, hours, minutes] = found
    const zone = sign === undefined ? 'Z' : `${sign === '-' ? '-' : '+'}${hours}:${minutes}`
    const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${zone}`)
    // Date converts 30 February to 1 or 2 March. A day that changes in the round trip does not exist.
    const local = new Date(`${day}T00:00:00Z`)
    if (!Number.isNaN(date.getTime()) && local.toISOString().startsWith(`${day}`)) {
      return date
    }
  }
  throw new Fault('InvalidArgument', `${name} must be a time such as 2001-01-01T00:00:00+0800.`)
}
