type DebianComponent = {
  readonly type: 'library'
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
}

/** The installed packages in dpkg's status file, as components of CycloneDX with package URLs. */
export function debianComponents(status: string): DebianComponent[] {
  return status.split(/\n\n+/).flatMap((paragraph) => {
    const field = (name: string): string =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]?.trim() ?? ''
    if (!field('Status').endsWith(' installed')) return []
    const [name, version] = [field('Package'), field('Version')]
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${field('Architecture')}`
    return [{ type: 'library' as const, 'bom-ref': purl, name, version, purl }]
  })
}
