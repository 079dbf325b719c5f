import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

describe('the image', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (instruction: string): string =>
    lines.filter((line) => line.startsWith(`${instruction} `)).at(-1) ?? ''

  test('runs as a user without rights, who becomes nobody else', { tags: ['container'] }, () => {
    expect(last('USER')).toBe('USER node')
    const from = lines.indexOf(last('USER'))
    // What is run or copied afterwards would be done as that user or change what he may do.
    expect(lines.slice(from).filter((line) => /^(USER root|RUN|COPY|ADD)/.test(line))).toEqual([])
  })

  test('holds no ffmpeg but that of the distribution', () => {
    const build = lines.slice(
      0,
      lines.findIndex(
        (line, at) => at > lines.findIndex((l) => l.startsWith('FROM ')) && line.startsWith('FROM '),
      ),
    )
    const removed = build.join('\n')
    expect(removed).toMatch(/rm -rf .*node_modules\/@ffmpeg-installer/)
    expect(removed).toMatch(/rm -rf .*node_modules\/@ffprobe-installer/)
    expect(lines.join('\n')).toMatch(/apt-get install .* ffmpeg /)
  })

  test('shows its user no environment of the program that all others descend from', () => {
    expect(lines.join('\n')).toMatch(/^RUN .*chmod 0711 \/usr\/bin\/tini/m)
  })

  test('has what collects processes that ffmpeg leaves behind', () => {
    expect(last('ENTRYPOINT')).toContain('tini')
  })
})

describe('the compose file', () => {
  const compose = read('docker-compose.yml')
  const ours = /^x-kinoprint:.*\n(?:(?: .*)?\n)+/m.exec(compose)?.[0] ?? ''

  test('gives the containers of the product no capability, no way to one, and so many processes', {
    tags: ['container'],
  }, () => {
    expect(ours).toMatch(/^ {2}cap_drop: \[ALL\]$/m)
    expect(ours).toMatch(/^ {2}security_opt: \["no-new-privileges:true"\]$/m)
    expect(Number(/^ {2}pids_limit: (\d+)$/m.exec(ours)?.[1])).toBeLessThanOrEqual(4096)
    expect(compose).not.toMatch(/privileged: true|cap_add|user: *["']?(root|0)/)
  })

  const blockOf = (service: string): string =>
    new RegExp(`^  ${service}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(compose)?.[1] ?? ''

  test('offers the API to this machine alone unless KINOPRINT_BIND says otherwise', () => {
    const published = [...compose.matchAll(/^ {6}- "([^"]*:\d+)"$/gm)].map((match) => match[1])
    expect(published).toEqual([`$${'{KINOPRINT_BIND:-127.0.0.1}'}:$${'{KINOPRINT_PORT:-8080}'}:8080`])
    expect(blockOf('api')).toContain(published[0])
  })

  test('passes every setting on, and every secret as a file too', () => {
    const passed = new Set([...ours.matchAll(/^ {4}([A-Z0-9_]+):/gm)].map((match) => match[1]))
    const fixed = [
      'PORT',
      'HOST',
      'WORKER_PORT',
      'DATA_DIR',
      'FFMPEG_PATH',
      'FFPROBE_PATH',
      'ALLOW_BUNDLED_FFMPEG',
    ]
    const wanted = read('.env.example')
      .split('\n\n')
      .flatMap((entry) => {
        const name = /^#([A-Z0-9_]+)=/m.exec(entry)?.[1]
        if (name === undefined || fixed.includes(name)) return []
        return entry.includes('(secret)') ? [name, `${name}_FILE`] : [name]
      })
    expect(wanted.length).toBeGreaterThan(20)
    expect(wanted.filter((name) => !passed.has(name))).toEqual([])
  })

  test('gives workers and migrations none of the secrets that open the API', {
    tags: ['decoder-secrets'],
  }, () => {
    const block = blockOf('migrate')
    expect(block).toMatch(/^ {4}environment: &without-api-secrets\n {6}<<: \*settings$/m)
    for (const name of ['ADMIN_TOKEN', 'SECRET_ID', 'SECRET_KEY'])
      for (const each of [name, `${name}_FILE`]) expect(block).toMatch(new RegExp(`^ {6}${each}: ""$`, 'm'))
    const ofWorker = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(blockOf('worker'))?.[1] ?? ''
    expect(ofWorker).toMatch(/^ {6}<<: \*without-api-secrets$/m)
    expect(ofWorker).not.toMatch(/^ {6}(<<: \*settings|ADMIN_TOKEN|SECRET_ID|SECRET_KEY)/m)
  })

  test('lets workers step back behind the servers that answer', () => {
    expect(Number(/^ {4}cpu_shares: (\d+)$/m.exec(blockOf('worker'))?.[1])).toBeLessThan(1024)
    for (const service of ['api', 'postgres', 'redis']) expect(blockOf(service)).not.toContain('cpu_shares')
  })

  test.each(['migrate', 'api', 'worker'])('starts %s like that, and changes none of it', (service) => {
    const block = blockOf(service)
    expect(block).toMatch(/^ {4}<<: \*kinoprint$/m)
    expect(block).not.toMatch(/^ {4}(cap_drop|security_opt|pids_limit|user):/m)
  })
})
