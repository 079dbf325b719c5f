/**
 * Writes the bill of materials of the container image as CycloneDX JSON: npm packages, Debian packages and Node.
 * `node deploy/make-sbom.ts NPM_SBOM DPKG_STATUS OUTPUT`; the Dockerfile calls it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Bom, imageBom } from './image-bom.ts'

const [npmSbom, dpkgStatus, output] = process.argv.slice(2)
if (npmSbom === undefined || dpkgStatus === undefined || output === undefined)
  throw new Error('Name the files: node deploy/make-sbom.ts NPM_SBOM DPKG_STATUS OUTPUT')
const bom = JSON.parse(readFileSync(npmSbom, 'utf8')) as Bom
writeFileSync(output, JSON.stringify(imageBom(bom, readFileSync(dpkgStatus, 'utf8')), null, 1))
