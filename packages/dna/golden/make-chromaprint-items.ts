// Regenerates chromaprint-items.json: npx tsx packages/dna/golden/make-chromaprint-items.ts
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { SYNTHETIC_SOUNDS } from '../testing/synthetic-sound.ts'

const command = ['-raw', '-length', '1000', '-format', 's16le', '-rate', '11025', '-channels', '1', '-']
const sounds = Object.entries(SYNTHETIC_SOUNDS).map(([name, make]) => {
  const samples = Buffer.from(make().buffer)
  // fpcalc exits 3 with complete output if -length is longer than the input.
  const { stdout } = spawnSync('fpcalc', command, { input: samples, encoding: 'utf8' })
  const items = (stdout.match(/FINGERPRINT=(.*)/)?.[1] ?? '').split(',').map(Number)
  return { name, sha256: createHash('sha256').update(samples).digest('hex'), items }
})
const version = execFileSync('fpcalc', ['-version'], { encoding: 'utf8' }).trim()
const made = { by: version, command: `fpcalc ${command.join(' ')}`, of: 'the samples of testing/synthetic-sound.ts' }
const rows = sounds.map((sound) => `    ${JSON.stringify(sound)}`).join(',\n')
writeFileSync(
  new URL('chromaprint-items.json', import.meta.url),
  `{\n  "made": ${JSON.stringify(made)},\n  "sounds": [\n${rows}\n  ]\n}\n`,
)
