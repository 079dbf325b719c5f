// Compiles scan.ts to src/match/scan-module.ts: the module as text, so that the engine reads no files.
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
  const lines =
    Buffer.from(module)
      .toString('base64')
      .match(/.{1,100}/g) ?? []
  writeFileSync(
    new URL('../src/match/scan-module.ts', import.meta.url),
    `/** What wasm/scan.ts compiles to (\`npm run build:wasm\`). */
const BASE64 = [
${lines.map((line) => `  '${line}',`).join('\n')}
]

export const SCAN_MODULE: Uint8Array = Uint8Array.from(atob(BASE64.join('')), (byte) => byte.charCodeAt(0))
`,
  )
}
