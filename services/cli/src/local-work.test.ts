import { expect, test } from 'vitest'
import { loadLocalSettings } from './local-work.ts'

test('local files of any size and up to a day long are read unless the environment limits them', () => {
  expect(loadLocalSettings({})).toMatchObject({
    maxVideoSeconds: 86_400,
    maxObjectBytes: Number.MAX_SAFE_INTEGER,
  })
  expect(loadLocalSettings({ MAX_OBJECT_BYTES: '1000', MAX_VIDEO_SECONDS: '60' })).toMatchObject({
    maxVideoSeconds: 60,
    maxObjectBytes: 1000,
  })
})
