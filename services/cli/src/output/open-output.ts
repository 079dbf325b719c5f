import { openWholeFile } from './whole-file.ts'

/** The name of standard output in options such as `--out`. */
export const STDOUT = '-'

export type Output = {
  /** What messages call it. */
  readonly name: string
  write(text: string): Promise<void>
  /** Removes an unfinished file. */
  close(): Promise<void>
}

/** Opens a file that appears only when it is complete, or standard output for `-`. Throws like `openWholeFile`. */
export async function openOutput(path: string): Promise<Output> {
  if (path === STDOUT) return { name: 'standard output', write: print, close: async () => undefined }
  return { name: path, ...(await openWholeFile(path)) }
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
