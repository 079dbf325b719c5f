import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { renderEnvExample } from './env-example.ts'
import { loadSettings } from './settings.ts'
import { settingNames } from './settings-schema.ts'

const path = fileURLToPath(new URL('../../../.env.example', import.meta.url))

// `npx vitest run packages/runtime/src/env-example.test.ts -u` writes the file.
test('.env.example is generated from the settings', async () => {
  await expect(renderEnvExample()).toMatchFileSnapshot(path)
})

test('.env.example names every setting once, and its uncommented values are the defaults', () => {
  const written = readFileSync(path, 'utf8')
  const env = parseEnv(written.replace(/^#([A-Z])/gm, '$1'))
  expect(Object.keys(env).toSorted()).toEqual(settingNames.toSorted())
  expect(loadSettings(env)).toEqual(loadSettings({}))
  expect(parseEnv(written)).toEqual({})
})
