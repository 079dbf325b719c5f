import { expect, test } from 'vitest'
import { connectionString } from './plproxy.ts'

test('the URL of a shard becomes a connection string of libpq, with quoted values', () => {
  const url = "postgres://kino:it's%20%5C@db-1.internal:6432/fingerprints?sslmode=require&application_name=x"
  expect(connectionString(url)).toBe(
    "host='db-1.internal' port='6432' user='kino' password='it\\'s \\\\' dbname='fingerprints' connect_timeout='2'" +
      " application_name='kinoprint' options='-c search_path=kinoprint,public -c jit=off' sslmode='require'",
  )
})

test('the database of a URL without one is named like its user', () => {
  expect(connectionString('postgres://kino@[::1]')).toContain("host='::1' user='kino' dbname='kino'")
})
