import { ffmpegFilters } from '../ffmpeg-filters.ts'
import type { Manifest } from '../manifest.ts'
import { runTimed } from '../run-timed.ts'
import { chromaprint } from './chromaprint.ts'
import { measurePeer, type PeerResult } from './peer.ts'
import { videoSignature } from './video-signature.ts'

/** Measures the peers that are installed and reports those that are not. */
export async function measurePeers(manifest: Manifest, print: (line: string) => void): Promise<PeerResult[]> {
  const results: PeerResult[] = []
  if ((await runTimed('fpcalc', ['-version'])).code === 0) {
    print(`${chromaprint.name} …`)
    results.push(await measurePeer(chromaprint, manifest))
  } else print('Skipped Chromaprint: fpcalc is not installed (Debian: libchromaprint-tools).')
  if ((await ffmpegFilters()).has('signature')) {
    print(`${videoSignature.name} …`)
    results.push(await measurePeer(videoSignature, manifest))
  } else print('Skipped MPEG-7: this ffmpeg has no filter `signature`.')
  return results
}
