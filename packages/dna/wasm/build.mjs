// Compiles each AssemblyScript source in this folder into a TypeScript module, so that the engine reads no files.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const MODULES = {
  scan: '../src/hash/scan-module.ts',
  frame: '../src/picture/frame-module.ts',
  match: '../src/local/match-module.ts',
}

/** Compiles `name`.ts to WebAssembly. Throws an Error with the compiler's messages if it does not compile. */
export async function compile(name) {
  const source = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
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
  const outFile = `${name}.wasm`
  const { error, stderr } = await asc.main([source, '--baseDir', '/', '--outFile', outFile, ...options], {
    writeFile: (file, contents) => written.set(file, contents),
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return written.get(outFile)
}

async function writeModule([name, target]) {
  const module = await compile(name)
  const lines =
    Buffer.from(module)
      .toString('base64')
      .match(/.{1,100}/g) ?? []
  writeFileSync(
    new URL(target, import.meta.url),
    `/** Compiled from wasm/${name}.ts by \`npm run build:wasm\`. */
const BASE64 = [
${lines.map((line) => `  '${line}',`).join('\n')}
]

export const ${name.toUpperCase()}_MODULE: Uint8Array = Uint8Array.from(atob(BASE64.join('')), (byte) => byte.charCodeAt(0))
`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const module of Object.entries(MODULES)) await writeModule(module)
}
