import type { Command } from 'commander'
import { expect, test } from 'vitest'
import type { AdminBackend, WithBackend } from './backend.ts'
import { heldCommand } from './held-command.ts'
import { ignoredCommand } from './ignored-command.ts'
import { keysCommand } from './keys-command.ts'
import { matchCallbackCommand } from './match-callback-command.ts'
import { peopleCommand } from './people-command.ts'
import { runCommand } from './run-command.fixture.ts'
import { shardsCommand } from './shards-command.ts'
import { usageCommand } from './usage-command.ts'
import { workersCommand } from './workers-command.ts'

type Sent = { readonly route: string; readonly request: unknown }

/** Runs a command against a server with the library `films`, whose other routes give these answers. */
async function run(
  make: (withBackend: WithBackend) => Command,
  args: readonly string[],
  answers: Readonly<Record<string, unknown>> = {},
) {
  const sent: Sent[] = []
  const routes = Object.entries(answers).map(([route, answer]) => [
    route,
    async (request: unknown) => {
      sent.push({ route, request })
      return answer
    },
  ])
  const libraries = { items: [{ dnaDbId: 'Db1', name: 'films' }], total: 1 }
  const backend = {
    listLibraries: async () => libraries,
    ...Object.fromEntries(routes),
  } as unknown as AdminBackend
  return { ...(await runCommand(make, backend, args)), sent }
}

const passage = {
  ignoredId: 'ig1',
  object: 'a.mp4',
  start: 0,
  end: 8.4,
  state: 'Active',
  alsoIn: null,
  hidden: 3,
  shortened: 1,
}

test('ignored passages are listed, and one is added and removed by the name of the library', async () => {
  const listed = await run(ignoredCommand, ['list', '--library', 'films'], {
    listIgnoredPassages: { items: [passage], total: 1 },
  })
  expect(listed.out).toMatch(/ig1 .*Active +\? +3 +1 +a\.mp4/)
  const add = ['add', 'dv1', '--library', 'films', '--start', '0', '--end', '8.4', '--everywhere']
  const added = await run(ignoredCommand, add, { ignorePassage: passage })
  expect(added.sent[0]?.request).toEqual({
    params: { dnaDbId: 'Db1' },
    query: { dryRun: false },
    body: { videoId: 'dv1', start: 0, end: 8.4, everywhere: true },
  })
  expect(added.out).toBe('Ignored as ig1: it hides 3 and shortens 1 open matches.\n')
  const removed = await run(ignoredCommand, ['remove', 'ig1', '--library', 'Db1'], {
    restorePassage: undefined,
  })
  expect(removed.sent[0]?.request).toEqual({ params: { dnaDbId: 'Db1', ignoredId: 'ig1' } })
})

test('a dry run of an ignored passage says what it would do', async () => {
  const add = ['add', 'dv1', '--library', 'films', '--start', '0', '--end', '8.4', '--dry-run']
  const preview = { hidden: 14, shortened: 2, confirmedKept: 31, alsoIn: 30 }
  const { out, sent } = await run(ignoredCommand, add, { ignorePassage: preview })
  expect(sent[0]?.request).toMatchObject({ query: { dryRun: true } })
  expect(out).toBe(
    'It hides 14 and shortens 2 open matches. Confirmed matches with it: 31. Other videos with it: 30.\n',
  )
})

test('the callback of a library is set, and a test that fails exits with 1', async () => {
  const url = 'https://hooks.example.com/'
  const set = ['set', url, '--library', 'films', '--events', 'matchfound,LibraryFull', '--key', 'AKID1']
  const { sent } = await run(matchCallbackCommand, set, { setMatchCallback: {} })
  expect(sent[0]?.request).toEqual({
    params: { dnaDbId: 'Db1' },
    body: { url, events: ['MatchFound', 'LibraryFull'], secretId: 'AKID1' },
  })
  const result = { url, delivered: false, httpStatus: 503, error: 'busy', seconds: 0.1, signed: true }
  const failed = await run(matchCallbackCommand, ['test', '--library', 'films'], {
    testMatchCallback: result,
  })
  expect([failed.code, failed.err]).toEqual([1, `Not delivered to ${url}: busy\n`])
  const wrong = run(matchCallbackCommand, ['set', url, '--library', 'films', '--events', 'x'])
  await expect(wrong).rejects.toThrow('Choose from MatchFound')
})

const counts = {
  ...{ jobs: 412, failed: 3, matches: 31 },
  ...{ storedMinutes: 60, searchedMinutes: 36.25, billedMinutes: 96.25 },
}
const usage = {
  ...{ from: '2026-01-01', to: '2026-01-31', by: ['day', 'key'], totals: counts, since: null },
  rows: [{ day: '2026-01-02', secretId: null, dnaDbId: null, ruleType: null, ...counts }],
}

test('usage is a table with totals, or CSV with the chosen groups', async () => {
  const text = await run(usageCommand, ['--by', 'day,key'], { getUsage: usage })
  expect(text.sent[0]?.request).toEqual({ query: { from: undefined, to: undefined, by: ['day', 'key'] } })
  expect(text.out).toMatch(
    /^day +secretId +jobs .*\n2026-01-02 +- +412 +3 +60 +36\.3 +96\.3 +31\ntotal +412 +3 +60 +36\.3 +96\.3 +31\n$/,
  )
  const csv = await run(usageCommand, ['--format', 'csv'], { getUsage: usage })
  expect(csv.out).toBe(
    'day,secretId,jobs,failed,storedMinutes,searchedMinutes,billedMinutes,matches\r\n2026-01-02,,412,3,60,36.25,96.25,31\r\n',
  )
})

test('the quota of a key is set and lifted, and what it has used is shown', async () => {
  const key = {
    ...{ secretId: 'AKID1', name: 'uploader', createdAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null },
    quota: { minutesPerDay: 600, minutesPerMonth: null, openJobs: 50 },
    used: { minutesToday: 96.25, minutesThisMonth: 100, reservedMinutes: 4, openJobs: 2 },
  }
  const { sent, out } = await run(
    keysCommand,
    ['quota', 'AKID1', '--minutes-per-day', '600', '--minutes-per-month', 'none'],
    { updateKey: key },
  )
  expect(sent[0]?.request).toEqual({
    params: { secretId: 'AKID1' },
    body: { quota: { minutesPerDay: 600, minutesPerMonth: null } },
  })
  expect(out).toBe('uploader has used 100.3 / 600 min today, 104 min this month, and has 2 / 50 open jobs.\n')
  const listed = await run(keysCommand, ['list'], { listKeys: { items: [key], total: 1 } })
  expect(listed.out).toMatch(/uploader +2026-01-01T00:00:00.000Z +never +100\.3 \/ 600 +104 +2 \/ 50\n$/)
  await expect(run(keysCommand, ['quota', 'AKID1', '--open-jobs', '-1'])).rejects.toThrow('whole number')
})

test('held passages are listed, released and ignored', async () => {
  const held = {
    ...{ heldId: 'hp1', libraryName: 'films', object: 'a.mp4', start: 0, end: 8.4, matches: 200 },
    createdAt: '2026-01-02T03:04:05.678Z',
  }
  const listed = await run(heldCommand, ['list', '--library', 'films'], {
    listHeldPassages: { items: [held], total: 1 },
  })
  expect(listed.sent.at(-1)?.request).toMatchObject({ query: { library: 'Db1' } })
  expect(listed.out).toMatch(/hp1 +films +a\.mp4 +0\.0-8\.4 s +200 +2026-01-02T03:04:05\.678Z\n$/)
  const released = await run(heldCommand, ['release', 'hp1', '--exempt'], { releasePassage: undefined })
  expect(released.sent[0]?.request).toEqual({ params: { heldId: 'hp1' }, body: { exempt: true } })
  const ignored = await run(heldCommand, ['ignore', 'hp1', '--note', 'ident'], {
    ignoreHeldPassage: { ignoredId: 'ig1' },
  })
  expect(ignored.sent[0]?.request).toEqual({ params: { heldId: 'hp1' }, body: { note: 'ident' } })
  expect(ignored.out).toBe('Ignored as ig1.\n')
})

test('people are listed and found by id, address or name, and get a role or are blocked', async () => {
  const li = {
    ...{ userId: 'us1', name: 'Li Na', email: 'li@example.com', role: 'viewer', givenRole: null },
    ...{ blockedAt: null, lastSeenAt: '2026-01-02T03:04:05.678Z' },
  }
  const listUsers = { items: [li, { ...li, userId: 'us2', email: null }], total: 2 }
  const listed = await run(peopleCommand, ['list', '--find', 'Li'], { listUsers })
  expect(listed.sent.at(-1)?.request).toMatchObject({ query: { q: 'Li' } })
  expect(listed.out).toMatch(/us1 +Li Na +li@example\.com +viewer +2026-01-02T03:04:05\.678Z\n/)
  const given = { ...li, role: 'admin', givenRole: 'admin' }
  const changed = await run(peopleCommand, ['role', 'li@example.com', 'admin'], {
    listUsers,
    updateUser: given,
  })
  expect(changed.sent.at(-1)?.request).toEqual({ params: { userId: 'us1' }, body: { givenRole: 'admin' } })
  expect(changed.out).toBe('Li Na: admin (given here).\n')
  const reset = await run(peopleCommand, ['role', 'us1', 'provider'], { listUsers, updateUser: li })
  expect(reset.sent.at(-1)?.request).toMatchObject({ body: { givenRole: null } })
  const blocked = await run(peopleCommand, ['block', 'us2'], {
    listUsers,
    updateUser: { ...li, blockedAt: li.lastSeenAt },
  })
  expect(blocked.sent.at(-1)?.request).toEqual({ params: { userId: 'us2' }, body: { blocked: true } })
  expect(blocked.out).toBe('Li Na: blocked.\n')
  await expect(run(peopleCommand, ['block', 'Li Na'], { listUsers })).rejects.toThrow('Use an id: us1, us2')
  await expect(run(peopleCommand, ['unblock', 'Wu'], { listUsers })).rejects.toThrow(
    'Person Wu does not exist.',
  )
})

test('workers are listed with what they run', async () => {
  const worker = {
    ...{ name: 'worker-1, process 17', state: 'alive', version: '1.0.0', slots: 4, heardSecondsAgo: 1.2 },
    ...{ running: [{}], lastHour: { jobs: 412, failed: 1, minutes: 9 } },
  }
  const { out } = await run(workersCommand, [], { listWorkers: { items: [worker] } })
  expect(out).toMatch(/worker-1, process 17 +alive +1 s ago +1\.0\.0 +1\/4 +412 +1\n$/)
  const none = await run(workersCommand, [], { listWorkers: { items: [] } })
  expect(none.out).toBe('No worker has run in the last hour.\n')
})

const shardMap = {
  onPrimary: 12,
  shards: [
    {
      name: 's1',
      addedAt: '2026-01-01T00:00:00.000Z',
      fingerprints: 400,
      libraries: 2,
      indexRows: 9000,
      problem: null,
    },
    {
      name: 's2',
      addedAt: '2026-01-01T00:00:00.000Z',
      fingerprints: 380,
      libraries: 1,
      indexRows: null,
      problem: 'It is away.',
    },
  ],
  placements: [
    {
      dnaDbId: null,
      ranges: [
        { first: 0, last: 511, shard: null },
        { first: 512, last: 1023, shard: 's1' },
      ],
    },
  ],
  move: {
    ...{ perSecond: 5, moved: 7, progress: 0.459, problem: 'Shard s2 cannot be used: It is away.' },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: null },
  },
}

test('shards are a table with their ranges and the progress of the move', async () => {
  const { out } = await run(shardsCommand, ['list'], { listShards: shardMap })
  expect(out).toMatch(/^primary +12 +- +ok\ns1 +400 +9000 +ok\ns2 +380 +- +It is away\.$/m)
  expect(out).toContain('other libraries: 0-511 primary, 512-1023 s1\n')
  expect(out).toContain('7 fingerprints moved, 45 % of this pass, at most 5 per second.\n')
  expect(out).toContain('The move waits: Shard s2 cannot be used')
})

test('a move of shards sends its library, slots and rate', async () => {
  const options = ['--to', 's1, primary', '--library', 'films', '--slots', '0-511', '--rate', '0.5']
  const { sent } = await run(shardsCommand, ['move', ...options], { moveToShards: shardMap })
  const body = { to: ['s1', 'primary'], dnaDbId: 'Db1', first: 0, last: 511, perSecond: 0.5 }
  expect(sent[0]?.request).toEqual({ body })
  await expect(run(shardsCommand, ['move', '--to', 's1', '--slots', '5'], {})).rejects.toThrow(
    'Enter a range of slots such as 0-511.',
  )
})

test('a check of shards shows what they lack', async () => {
  const item = { name: 's1', fingerprints: 400, missing: 2, orphans: 1, problem: null }
  const { out, code } = await run(shardsCommand, ['check'], { checkShards: { items: [item] } })
  expect(out).toMatch(/^s1 +400 +2 +1 +ok$/m)
  expect(code).toBe(1)
})
