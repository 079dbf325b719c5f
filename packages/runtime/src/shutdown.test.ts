import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import { type Closer, onShutdown } from './shutdown.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

function started(closers: readonly Closer[], timeoutMs?: number) {
  const signals = new EventEmitter()
  const codes: number[] = []
  const shutdown = onShutdown(closers, {
    log: silent,
    signals,
    exit: (code) => codes.push(code),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  return { signals, codes, shutdown }
}

test('the first signal closes all parts in order and exits with code 0', async () => {
  const order: string[] = []
  const closer = (name: string): Closer => ({
    name,
    close: async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
    },
  })
  const { signals, codes, shutdown } = started([closer('http'), closer('worker')])
  signals.emit('SIGTERM', 'SIGTERM')
  await shutdown.begin('again')
  expect(order).toEqual(['http begins', 'http ends', 'worker begins', 'worker ends'])
  expect(codes).toEqual([0])
})

test('the second signal exits at once with the code of the signal', () => {
  const never: Closer = { name: 'never', close: () => new Promise(() => undefined) }
  const { signals, codes } = started([never], 60_000)
  signals.emit('SIGINT', 'SIGINT')
  expect(codes).toEqual([])
  signals.emit('SIGINT', 'SIGINT')
  expect(codes).toEqual([130])
})

test('a part that fails or hangs on shutdown keeps neither the others from closing nor the process from exiting', async () => {
  const closed: string[] = []
  const { codes, shutdown } = started(
    [
      { name: 'fails', close: () => Promise.reject(new Error('no')) },
      {
        name: 'throws',
        close: () => {
          throw new Error('no')
        },
      },
      { name: 'hangs', close: () => new Promise(() => undefined) },
      { name: 'last', close: async ({ timeoutMs }) => closed.push(`last, ${timeoutMs} ms left`) },
    ],
    50,
  )
  await shutdown.begin('test')
  expect(closed).toEqual(['last, 0 ms left'])
  expect(codes).toEqual([0])
})

test('no signal has an effect after dispose', () => {
  const { signals, codes, shutdown } = started([])
  shutdown.dispose()
  expect(signals.listenerCount('SIGTERM')).toBe(0)
  expect(signals.listenerCount('SIGINT')).toBe(0)
  expect(codes).toEqual([])
})

test('a real process closes and exits with code 0 on SIGTERM', async () => {
  const script = `
    const { onShutdown } = await import(${JSON.stringify(new URL('shutdown.ts', import.meta.url).href)})
    const log = { info() {}, warn() {}, error() {} }
    const alive = setInterval(() => {}, 1000)
    onShutdown([{ name: 'x', close: async () => process.stdout.write('closed') }], { log })
    process.stdout.write('up ')`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (output === 'up ') child.kill('SIGTERM')
  })
  const [code, signal] = await once(child, 'exit')
  expect({ code, signal, output }).toEqual({ code: 0, signal: null, output: 'up closed' })
})
