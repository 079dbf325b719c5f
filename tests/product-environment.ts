import { tmpdir } from 'node:os'

/** The environment for product processes in tests: these settings and nothing from the developer's environment. */
export function productEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  // A busy test machine would starve decoders of the default priority.
  return { PATH, HOME, TMPDIR: tmpdir(), LOG_LEVEL: 'warn', DECODER_NICE: '0', ...settings }
}
