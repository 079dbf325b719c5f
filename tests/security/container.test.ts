import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)

function read(name: string): string {
  return readFileSync(new URL(name, root), 'utf8')
}

describe('the image', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (instruction: string): string =>
    lines.filter((line) => line.startsWith(`${instruction} `)).at(-1) ?? ''

  test('installs the dependencies of every workspace in a layer before the sources', () => {
    const copied = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('RUN npm ci')),
    )
    const manifests = ['packages', 'services']
      .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`))
      .filter((folder) => existsSync(new URL(`${folder}/package.json`, root)))
    expect(manifests.length).toBeGreaterThan(10)
    const wanted = manifests.map((folder) => `COPY ${folder}/package.json ${folder}/`)
    expect(wanted.filter((line) => !copied.includes(line))).toEqual([])
  })

  test('runs as an unprivileged user', { tags: ['container'] }, () => {
    expect(last('USER')).toBe('USER node')
    const from = lines.indexOf(last('USER'))
    // A later instruction could change the user's permissions.
    expect(lines.slice(from).filter((line) => /^(USER root|RUN|COPY|ADD)/.test(line))).toEqual([])
  })

  test("contains only the distribution's ffmpeg", () => {
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

  test('hides the environment of its first process from its user', () => {
    expect(lines.join('\n')).toMatch(/^RUN .*chmod 0711 \/usr\/bin\/tini/m)
  })

  test('starts with tini, which collects processes that ffmpeg leaves behind', () => {
    expect(last('ENTRYPOINT')).toContain('tini')
  })
})

describe('the compose file', () => {
  const compose = read('docker-compose.yml')
  const ours = /^x-kinoprint:.*\n(?:(?: .*)?\n)+/m.exec(compose)?.[0] ?? ''

  test('gives the product containers no capabilities, no way to gain any, and a process limit', {
    tags: ['container'],
  }, () => {
    expect(ours).toMatch(/^ {2}cap_drop: \[ALL\]$/m)
    expect(ours).toMatch(/^ {2}security_opt: \["no-new-privileges:true"\]$/m)
    expect(Number(/^ {2}pids_limit: (\d+)$/m.exec(ours)?.[1])).toBeLessThanOrEqual(4096)
    expect(compose).not.toMatch(/privileged: true|cap_add|user: *["']?(root|0)/)
  })

  const blockOf = (service: string): string =>
    new RegExp(`^  ${service}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(compose)?.[1] ?? ''

  test('publishes the API on loopback unless KINOPRINT_BIND is set, and nothing else beyond it', () => {
    const published = [...compose.matchAll(/^ {6}- "([^"]*:\d+)"$/gm)].map((match) => match[1] ?? '')
    const api = `$${'{KINOPRINT_BIND:-127.0.0.1}'}:$${'{KINOPRINT_PORT:-8080}'}:8080`
    expect(blockOf('api')).toContain(api)
    expect(published.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([api])
    for (const service of ['postgres', 'redis', 'worker']) expect(blockOf(service)).not.toContain('ports:')
  })

  test('passes on every setting, and every secret as a file too', () => {
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

  test('gives workers and migrations no secret that grants API access', {
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

  test('rotates the logs of every service', () => {
    const services = [
      ...(/^services:\n([\s\S]*?)^volumes:/m.exec(compose)?.[1] ?? '').matchAll(/^ {2}(\w+):$/gm),
    ]
    expect(services.length).toBeGreaterThan(4)
    expect(ours).toContain('logging: *logging')
    for (const [, service = ''] of services)
      expect(blockOf(service), service).toMatch(/^ {4}(logging: \*logging|<<: \*kinoprint)$/m)
  })

  test('gives workers a smaller CPU share than the servers', () => {
    expect(Number(/^ {4}cpu_shares: (\d+)$/m.exec(blockOf('worker'))?.[1])).toBeLessThan(1024)
    for (const service of ['api', 'postgres', 'redis']) expect(blockOf(service)).not.toContain('cpu_shares')
  })

  test.each(['migrate', 'api', 'worker'])('starts %s with these restrictions unchanged', (service) => {
    const block = blockOf(service)
    expect(block).toMatch(/^ {4}<<: \*kinoprint$/m)
    expect(block).not.toMatch(/^ {4}(cap_drop|security_opt|pids_limit|user):/m)
  })
})
