/** The environment in which tests start a process of the product: these settings and nothing of the developer's own. */
export function productEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  // Decoders share the CPU with everything else that runs: a busy test machine would starve them with the default.
  return { PATH, HOME, LOG_LEVEL: 'warn', DECODER_NICE: '0', ...settings }
}
