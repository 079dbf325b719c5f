import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { renderEnvExample } from './env-example.ts'
import { loadSettings } from './settings.ts'
import { settingNames } from './settings-schema.ts'

const written = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')

test('.env.example is what the settings say', () => {
  expect(written, 'Write renderEnvExample() to .env.example again.').toBe(renderEnvExample())
})

test('.env.example names every setting once, and with every # taken away it changes nothing', () => {
  const uncommented = written.replace(/^#([A-Z])/gm, '$1')
  const env = parseEnv(uncommented)
  expect(Object.keys(env).toSorted()).toEqual(settingNames.toSorted())
  expect(loadSettings(env)).toEqual(loadSettings({}))
  expect(parseEnv(written)).toEqual({})
})
