import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'
import { temporaryFolder } from './test-server.fixture.ts'

describe.each([
  { how: 'the kernel', path: process.env.PATH ?? '' },
  // Without flock(1) on the PATH, a file with a time stamp is the lock.
  { how: 'a file', path: '/nowhere' },
])('a data folder locked by $how', ({ how, path }) => {
  const usualPath = process.env.PATH
  let folder: string
  beforeEach(() => {
    folder = temporaryFolder()
    process.env.PATH = path
  })
  afterEach(() => {
    process.env.PATH = usualPath
    rmSync(folder, { recursive: true })
  })

  test(`a data folder locked by ${how} is refused to a second opener until the first releases it`, async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await lock.release()
    const again = await lockFolder(folder)
    await again.release()
  })

  test(`one of many simultaneous openers gets the lock when the lock is ${how}`, async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)))
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(held).toHaveLength(1)
    for (const { value } of held) await value.release()
  })
})
