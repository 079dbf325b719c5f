import type sharp from 'sharp'

/** Loads sharp when a picture is first made: most processes and threads make none, and it takes 0.09 s of CPU time. */
export async function loadSharp(): Promise<typeof sharp> {
  return (await import('sharp')).default
}
