import { renameSync, rmSync } from 'node:fs'
import { ffmpeg } from '../../../tests/footage.ts'
import type { Input, Recipe } from './recipe.ts'

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26']
const AAC = ['-c:a', 'aac', '-b:a', '96k', '-ar', '44100', '-ac', '2']
const ONE_THREAD = ['-filter_complex_threads', '1']
/** One thread per encoder: with more, the bytes differ, and the same seed must make the same bench. */
const SAME_EVERYWHERE = [
  '-threads',
  '1',
  '-pix_fmt',
  'yuv420p',
  '-map_metadata',
  '-1',
  '-fflags',
  '+bitexact',
]

/** Renders the query's file, which appears at `path` when complete. Throws with ffmpeg's error message. */
export async function render(recipe: Recipe, path: string): Promise<void> {
  const { inputs, filters, sound, videoCodec = X264, soundCodec = AAC, passes = [], seconds } = recipe
  const drafts = [path, ...passes.map((_, n) => `${path}.${n + 1}`)].map((name) => `${name}.part`)
  const streams = sound ? ['-map', '[v]', '-map', '[a]', ...soundCodec] : ['-map', '[v]', '-an']
  const first = drafts[0] ?? ''
  const end = ['-t', seconds.toFixed(3), '-f', 'mp4', first]
  const graph = ['-filter_complex', filters.join(';')]
  await ffmpeg(
    ...ONE_THREAD,
    ...inputs.flatMap(inputArguments),
    ...graph,
    ...streams,
    ...videoCodec,
    ...SAME_EVERYWHERE,
    ...end,
  )
  for (const [n, pass] of passes.entries()) {
    const from = drafts[n] ?? ''
    const streams = sound ? pass.soundCodec : ['-an']
    const into = ['-f', pass.format, drafts[n + 1] ?? '']
    await ffmpeg('-i', from, '-vf', pass.filter, ...pass.videoCodec, ...streams, ...SAME_EVERYWHERE, ...into)
    rmSync(from)
  }
  renameSync(drafts.at(-1) ?? first, path)
}

function inputArguments({ original, start, seconds, loop }: Input): string[] {
  const cut = loop ? ['-stream_loop', '-1'] : ['-ss', start.toFixed(3), '-t', seconds.toFixed(3)]
  return [...cut, '-i', original.path]
}
