import { expect, test } from 'vitest'
import { type Bom, imageBom } from '../deploy/image-bom.ts'

const STATUS = `Package: ffmpeg
Status: install ok installed
Architecture: amd64
Version: 7:5.1.6-0+deb12u1
Description: Tools for transcoding
 Version: 9 in a description does not count

Package: libz3-4
Status: deinstall ok config-files
Architecture: amd64
Version: 4.8.12-3.1
`

test("the image's bill of materials names npm and Debian packages and Node, without what the image leaves out", () => {
  const npm: Bom = {
    metadata: { component: { type: 'library', name: 'kinoprint-workspace', version: '1.0.0' } },
    components: [
      { type: 'library', 'bom-ref': 'sharp', name: 'sharp' },
      { type: 'library', 'bom-ref': 'old', group: '@ffmpeg-installer', name: 'ffmpeg' },
    ],
    dependencies: [{ ref: 'sharp', dependsOn: ['old'] }, { ref: 'old' }],
  }
  const bom = imageBom(npm, STATUS)
  expect(bom.metadata.component).toEqual({ type: 'container', name: 'kinoprint', version: '1.0.0' })
  expect(bom.components.map(({ purl, name }) => purl ?? name)).toEqual([
    'sharp',
    `pkg:generic/node@${process.versions.node}`,
    'pkg:deb/debian/ffmpeg@7%3A5.1.6-0%2Bdeb12u1?arch=amd64',
  ])
  expect(bom.dependencies).toEqual([{ ref: 'sharp', dependsOn: [] }])
})
