import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

describe('the image', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (instruction: string): string =>
    lines.filter((line) => line.startsWith(`${instruction} `)).at(-1) ?? ''

  it('runs as a user without rights, who becomes nobody else', () => {
    expect(last('USER')).toBe('USER node')
    const from = lines.indexOf(last('USER'))
    // What is run or copied afterwards would be done as that user or change what he may do.
    expect(lines.slice(from).filter((line) => /^(USER root|RUN|COPY|ADD)/.test(line))).toEqual([])
  })

  it('has what collects processes that ffmpeg leaves behind', () => {
    expect(last('ENTRYPOINT')).toContain('tini')
  })
})

describe('the compose file', () => {
  const compose = read('docker-compose.yml')
  const ours = /^x-kinoprint:.*\n(?:(?: .*)?\n)+/m.exec(compose)?.[0] ?? ''

  it('gives the containers of the product no capability, no way to one, and so many processes', () => {
    expect(ours).toMatch(/^ {2}cap_drop: \[ALL\]$/m)
    expect(ours).toMatch(/^ {2}security_opt: \["no-new-privileges:true"\]$/m)
    expect(Number(/^ {2}pids_limit: (\d+)$/m.exec(ours)?.[1])).toBeLessThanOrEqual(4096)
    expect(compose).not.toMatch(/privileged: true|cap_add|user: *["']?(root|0)/)
  })

  const blockOf = (service: string): string =>
    new RegExp(`^  ${service}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(compose)?.[1] ?? ''

  it('lets workers step back behind the servers that answer', () => {
    expect(Number(/^ {4}cpu_shares: (\d+)$/m.exec(blockOf('worker'))?.[1])).toBeLessThan(1024)
    for (const service of ['api', 'postgres', 'redis']) expect(blockOf(service)).not.toContain('cpu_shares')
  })

  it.each(['migrate', 'api', 'worker'])('starts %s like that, and changes none of it', (service) => {
    const block = blockOf(service)
    expect(block).toMatch(/^ {4}<<: \*kinoprint$/m)
    expect(block).not.toMatch(/^ {4}(cap_drop|security_opt|pids_limit|user):/m)
  })
})
