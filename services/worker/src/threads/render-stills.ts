import { makeStills, probe } from '@kinoprint/media'
import type { StillsTask } from './protocol.ts'

/** Writes poster.jpg, sprite.jpg and sprite.json into the task's folder. Runs in a thread. */
export const renderStills = async (
  { tools, path, outDir, maxSeconds }: StillsTask,
  { signal }: { signal: AbortSignal },
): Promise<null> => {
  const info = await probe(tools, path, { maxSeconds, signal })
  await makeStills(tools, path, outDir, { info, signal })
  return null
}
