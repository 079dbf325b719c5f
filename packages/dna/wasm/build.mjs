// Compiles scan.ts to src/match/scan-module.ts: the module as numbers, so that the engine reads no files.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

/** The compiled module. Throws what the compiler says where the source is wrong. */
export async function compileScan() {
  const source = fileURLToPath(new URL('scan.ts', import.meta.url))
  const written = new Map()
  const options = [
    '--optimizeLevel',
    '3',
    '--runtime',
    'stub',
    '--noAssert',
    '--enable',
    'simd',
    '--importMemory',
  ]
  const { error, stderr } = await asc.main([source, '--baseDir', '/', '--outFile', 'scan.wasm', ...options], {
    writeFile: (name, contents) => written.set(name, contents),
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return written.get('scan.wasm')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const module = await compileScan()
  writeFileSync(
    new URL('../src/match/scan-module.ts', import.meta.url),
    `/** What wasm/scan.ts compiles to (\`npm run build:wasm\`). */\nexport const SCAN_MODULE = Uint8Array.of(${[...module].join(', ')})\n`,
  )
}
