import { type InputFormat, inputFormats } from '@kinoprint/core'
import { type Wrong, wrong } from './setting-values.ts'

/** `all`, or a comma-separated list of formats, in any order and case. The result has the order of `inputFormats`. */
export function parseInputFormats(value: string): readonly InputFormat[] | Wrong {
  const names = value
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  if (names.length === 1 && names[0] === 'all') return inputFormats
  const unknown = names.find((name) => !inputFormats.some((format) => format === name))
  if (unknown === undefined && names.length > 0)
    return inputFormats.filter((format) => names.includes(format))
  const found = unknown === undefined ? '' : `, not "${unknown}"`
  return wrong(`must be all, or a comma-separated list of ${inputFormats.join(', ')}${found}`)
}
