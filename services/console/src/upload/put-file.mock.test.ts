import { afterEach, expect, test, vi } from 'vitest'

vi.stubGlobal('navigator', { language: 'en', onLine: true })
vi.stubGlobal('document', {
  cookie: '',
  documentElement: { dataset: {}, lang: '' },
  addEventListener: () => {},
})
vi.stubGlobal('window', globalThis)
vi.stubGlobal('addEventListener', () => {})

/** What becomes of each request in turn: a status, or a broken connection. */
let outcomes: (number | 'broken')[] = []
let sent = 0
vi.stubGlobal(
  'XMLHttpRequest',
  class {
    upload: { onprogress?: (event: { loaded: number }) => void } = {}
    status = 0
    responseText = ''
    onload = () => {}
    onerror = () => {}
    onabort = () => {}
    open() {}
    setRequestHeader() {}
    abort() {
      this.onabort()
    }
    send() {
      sent++
      const outcome = outcomes.shift() ?? 201
      queueMicrotask(() => {
        this.upload.onprogress?.({ loaded: 3 })
        if (outcome === 'broken') return this.onerror()
        this.status = outcome
        this.onload()
      })
    }
  },
)
const { putFile } = await import('./put-file.ts')

afterEach(() => {
  vi.useRealTimers()
  sent = 0
})

async function put(signal = new AbortController().signal) {
  vi.useFakeTimers()
  const progress: number[] = []
  const result = putFile(new Blob(['abc']), '/x', { onSent: (bytes) => progress.push(bytes), signal }).then(
    () => 'stored',
    (thrown: Error) => thrown.name + thrown.message,
  )
  await vi.runAllTimersAsync()
  return { result: await result, progress }
}

test('a file is sent again after its connection broke, from the beginning', async () => {
  outcomes = ['broken', 'broken', 201]
  expect(await put()).toEqual({ result: 'stored', progress: [3, 0, 3, 0, 3] })
})

test('a file whose connection breaks again and again is given up', async () => {
  outcomes = ['broken', 'broken', 'broken', 'broken']
  expect((await put()).result).toContain('could not be reached')
  expect(sent).toBe(4)
})

test('a file that the server refused is not sent again, nor one that was cancelled', async () => {
  outcomes = [413]
  expect((await put()).result).toContain('status 413')
  expect(sent).toBe(1)
  const abort = new AbortController()
  abort.abort()
  outcomes = ['broken']
  expect((await put(abort.signal)).result).toContain('could not be reached')
  expect(sent).toBe(2)
})
