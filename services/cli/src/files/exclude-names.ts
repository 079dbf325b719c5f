import picomatch from 'picomatch'

/**
 * Why a file is excluded by the given patterns; null if it is not. A pattern without a slash is compared with the last part of
 * the name, any other with the name relative to its folder.
 *
 * @example excludeNames(['*.part.mp4', 'samples/**'])('samples/a.mp4')
 */
export function excludeNames(patterns: readonly string[]): (name: string) => string | null {
  const tests = patterns.map((pattern) => ({
    pattern,
    isMatch: picomatch(pattern, { dot: true, basename: !pattern.includes('/') }),
  }))
  return (name) => {
    const found = tests.find(({ isMatch }) => isMatch(name))
    return found ? `excluded by ${found.pattern}` : null
  }
}
