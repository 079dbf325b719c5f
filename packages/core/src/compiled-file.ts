/**
 * The compiled file of a worker thread's entry. Node.js 20 loads no TypeScript in a thread, so code that runs from
 * source (vitest, tsx) starts the threads that `tsc -b` has built into `dist`. Start them with `execArgv: []`: the
 * `source` condition of the parent would lead the thread's imports back to TypeScript.
 *
 * @param parentUrl `import.meta.url` of the module that starts the thread
 * @param name the entry relative to that module, with its compiled extension
 * @example new Worker(compiledFile(import.meta.url, './thread.js'), { execArgv: [] })
 */
export function compiledFile(parentUrl: string, name: string): URL {
  const { href } = new URL(name, parentUrl)
  return new URL(parentUrl.endsWith('.ts') ? href.replace(/^(.*)\/src\//, '$1/dist/') : href)
}
