import { DEFAULT_POLICY } from '@kinoprint/core'
import { afterEach, expect, test, vi } from 'vitest'
import type { AdminBackend } from './backend.ts'
import { policyCommand } from './policy-command.ts'

const counts = { report: 2, review: 0, near: 1, drop: 0 }
const preview = { before: counts, after: { ...counts, report: 1, near: 2 }, confirmedLost: 1 }

/** Runs the command on a library with the default policy. Returns what it prints and what it sends. */
async function run(...args: string[]) {
  const sent: unknown[] = []
  const answering = (answer: object) => async (request: { body?: object }) => {
    sent.push(request.body)
    return answer
  }
  const backend = {
    listLibraries: async () => ({
      items: [{ dnaDbId: 'Db1', name: 'films' }],
      total: 1,
      page: 1,
      pageSize: 100,
    }),
    getLibrary: answering({ policy: DEFAULT_POLICY }),
    updateLibrary: answering({ policy: { ...DEFAULT_POLICY, minSeconds: 5 } }),
    previewPolicy: answering(preview),
  } as unknown as AdminBackend
  let text = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part)
    return true
  })
  const command = policyCommand((work) => work(backend)).exitOverride()
  command.configureOutput({ writeErr: () => undefined })
  await command.parseAsync(['films', ...args], { from: 'user' })
  return { text, sent }
}

afterEach(() => vi.restoreAllMocks())

test('without options the policy of a library is printed and nothing is sent', async () => {
  const { text, sent } = await run('--json')
  expect(JSON.parse(text)).toEqual(DEFAULT_POLICY)
  expect(sent).toEqual([undefined])
  expect((await run()).text).toMatch(/reportFrom +0\.45/)
})

test('only the given fields of a policy are changed', async () => {
  const { text, sent } = await run('--min-seconds', '5', '--tracks', 'both')
  expect(sent).toEqual([{ policy: { minSeconds: 5, tracks: 'both' } }])
  expect(text).toMatch(/minSeconds +5/)
})

test('a preview shows both counts and the confirmed matches that would be lost', async () => {
  const { text, sent } = await run('--report-from', '0.8', '--preview')
  expect(sent).toEqual([{ reportFrom: 0.8 }])
  expect(text).toMatch(/report +2 +1/)
  expect(text).toContain('would not have been reported: 1')
})

test.each(['x', '-1', '1e3', ''])('the score "%s" is refused', async (value) => {
  await expect(run('--report-from', value)).rejects.toThrow('Enter a number such as 0.5')
})
