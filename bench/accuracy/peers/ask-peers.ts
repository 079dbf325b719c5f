import type { Manifest } from '../manifest.ts'
import { runTimed } from '../run-timed.ts'
import { chromaprint } from './chromaprint.ts'
import { askPeer, type PeerResult } from './peer.ts'
import { videoSignature } from './video-signature.ts'

/** Asks the tools that are installed, and says which are not. */
export async function askPeers(manifest: Manifest, say: (line: string) => void): Promise<PeerResult[]> {
  const results: PeerResult[] = []
  if ((await runTimed('fpcalc', ['-version'])).code === 0) {
    say(`${chromaprint.name} …`)
    results.push(await askPeer(chromaprint, manifest))
  } else say('fpcalc is not installed (Debian: libchromaprint-tools): no comparison with Chromaprint.')
  if ((await runTimed('ffmpeg', ['-v', 'error', '-filters'])).stdout.includes(' signature ')) {
    say(`${videoSignature.name} …`)
    results.push(await askPeer(videoSignature, manifest))
  } else say('This ffmpeg has no filter signature: no comparison with MPEG-7.')
  return results
}
