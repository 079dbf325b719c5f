import { type Wrong, wrong } from './setting-values.ts'

/** Names of queues and exchanges, each as it is or, with `*` at its end, all that begin so. */
export type MqNames = readonly string[]

/** RabbitMQ keeps these names to itself: `amq.fanout` reaches every queue that is bound to it. */
const RESERVED = 'amq.'
/** A name is a short string of AMQP, of 255 bytes at most. */
const ENTRY = /^[^\s,*]{0,255}\*?$/

/** Reads AMQP_NAMES: a comma list. */
export function parseMqNames(text: string): MqNames | Wrong {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const strange = entries.find((entry) => !ENTRY.test(entry))
  if (strange !== undefined)
    return wrong(`must be a comma list of names, or of prefixes that end in *, not "${strange}"`)
  const reserved = entries.find((entry) => entry.startsWith(RESERVED))
  if (reserved !== undefined)
    return wrong(`must not hold ${reserved}: RabbitMQ reserves names that begin with amq.`)
  return entries
}

/**
 * Whether callbacks may go to the queue or exchange of this name. Names that begin with `amq.` are never allowed.
 *
 * @example allowsMqName(['kinoprint.*'], 'kinoprint.results') // true
 */
export function allowsMqName(names: MqNames, name: string): boolean {
  if (name === '' || name.startsWith(RESERVED)) return false
  return names.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))
}
