import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCluster, runUnit } from './pglite.ts'
import { parseReply, simpleQuery } from './wire-protocol.ts'

const MIB = 1_048_576
const WARM_UP_REPLIES = 20
const REPLIES = 200

let folder: string
let pglite: PGlite
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-pglite-'))
  pglite = await openCluster(folder)
})
afterAll(async () => {
  await pglite.close()
  rmSync(folder, { recursive: true, force: true })
})

function run(sql: string) {
  return runUnit(pglite, simpleQuery(sql))
}
function textOf(bytes: Uint8Array) {
  return Buffer.from(bytes).toString('latin1')
}

/** Bytes in use after full garbage collections; memory outside the heap is only returned between two of them. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  for (let n = 0; n < 3; n++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('what the embedded database relies on in PGlite', () => {
  test('PGlite has run a unit, and passed on the whole reply, when the call returns', () => {
    const { bytes, transactionStatus } = parseReply(run(`select 'first reply', repeat('x', 1000000)`))
    expect(textOf(bytes)).toContain('first reply')
    expect(bytes.length).toBeGreaterThan(1_000_000)
    expect(textOf(bytes.subarray(-6))).toBe('Z\0\0\0\x05I')
    expect(transactionStatus).toBe('I')
  })

  test('a reply is unchanged after PGlite runs the next unit', () => {
    const reply = run(`select 'first reply'`)
    const before = textOf(reply)
    run(`select 'other reply'`)
    expect(textOf(reply)).toBe(before)
  })

  test('PGlite reports the state of the transaction and an error inside the reply', () => {
    expect(parseReply(run('begin')).transactionStatus).toBe('T')
    const failed = parseReply(run('select nonsense'))
    expect(failed).toMatchObject({ transactionStatus: 'E', panic: null })
    expect(textOf(failed.bytes)).toContain('42703')
    expect(parseReply(run('rollback')).transactionStatus).toBe('I')
  })

  test('PGlite puts a notification into the reply to the unit that sent it', () => {
    run('listen news')
    expect(parseReply(run(`select pg_notify('news', 'extra')`)).notifications).toMatchObject([
      { channel: 'news' },
    ])
    run('unlisten news')
    expect(parseReply(run(`select pg_notify('news', 'extra')`)).notifications).toEqual([])
  })

  test('PGlite keeps no reply after it has passed it on', async () => {
    const read = (times: number) => {
      for (let n = 0; n < times; n++) run(`select repeat('x', 1024) from generate_series(1, 1024)`)
    }
    read(WARM_UP_REPLIES)
    const before = await bytesInUse()
    read(REPLIES)
    // Replies are 1 MiB: kept, they would add all of REPLIES. The memory of WebAssembly alone may grow by a tenth.
    expect(((await bytesInUse()) - before) / MIB).toBeLessThan(REPLIES / 2)
  })
})
