import { type Wrong, wrong } from './setting-values.ts'

/** Names of queues and exchanges. A name that ends in `*` matches all names with that prefix. */
export type MqNames = readonly string[]

/** RabbitMQ reserves this prefix. A message to `amq.fanout`, for example, reaches every queue bound to it. */
const RESERVED = 'amq.'
/** AMQP limits a name to 255 bytes. */
const ENTRY = /^[^\s,*]{0,255}\*?$/

/** Parses the comma-separated list of AMQP_NAMES. */
export function parseMqNames(text: string): MqNames | Wrong {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const invalid = entries.find((entry) => !ENTRY.test(entry))
  if (invalid !== undefined)
    return wrong(`must be a comma-separated list of names, or of prefixes that end in *, not "${invalid}"`)
  const reserved = entries.find((entry) => entry.startsWith(RESERVED))
  if (reserved !== undefined)
    return wrong(`must not contain ${reserved}, because RabbitMQ reserves names that begin with "amq."`)
  return entries
}

/**
 * Whether callbacks may go to a queue or exchange of this name. Names that begin with `amq.` are never allowed.
 *
 * @example allowsMqName(['kinoprint.*'], 'kinoprint.results') // true
 */
export function allowsMqName(names: MqNames, name: string): boolean {
  if (name === '' || name.startsWith(RESERVED)) return false
  return names.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))
}
