import { renameSync } from 'node:fs'
import { ffmpeg } from '../../../tests/footage.ts'
import type { Input, Recipe } from './recipe.ts'

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26']
const AAC = ['-c:a', 'aac', '-b:a', '96k', '-ar', '44100', '-ac', '2']
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
  const { inputs, filters, sound, videoCodec = X264, soundCodec = AAC, seconds } = recipe
  const streams = sound ? ['-map', '[v]', '-map', '[a]', ...soundCodec] : ['-map', '[v]', '-an']
  const draft = `${path}.part`
  await ffmpeg(
    '-filter_complex_threads',
    '1',
    ...inputs.flatMap(inputArguments),
    '-filter_complex',
    filters.join(';'),
    ...streams,
    ...videoCodec,
    ...SAME_EVERYWHERE,
    '-t',
    seconds.toFixed(3),
    '-f',
    'mp4',
    draft,
  )
  renameSync(draft, path)
}

function inputArguments({ original, start, seconds, loop }: Input): string[] {
  const cut = loop ? ['-stream_loop', '-1'] : ['-ss', start.toFixed(3), '-t', seconds.toFixed(3)]
  return [...cut, '-i', original.path]
}
