import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../databases.fixture.ts'
import { lockFolder } from './folder-lock.ts'

describe.each([
  { how: 'the kernel', path: process.env.PATH ?? '' },
  // Without flock(1) a file with a time stamp has to do.
  { how: 'a file', path: '/nowhere' },
])('a folder locked by $how', ({ path }) => {
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

  it('is refused to a second opener until the first lets go', async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await lock.release()
    const again = await lockFolder(folder)
    await again.release()
  })

  it('of many openers at once one gets it', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)))
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(held).toHaveLength(1)
    for (const { value } of held) await value.release()
  })
})
