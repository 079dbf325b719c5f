import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withInput } from './open-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-input-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a missing file and a folder are refused with the remedy', async () => {
  const open = (path: string) => withInput(path, async () => undefined)
  await expect(open(join(folder, 'absent.mp4'))).rejects.toThrow('The file does not exist. Check the path.')
  await expect(open(folder)).rejects.toThrow('This is not a file. Specify a video file.')
})
