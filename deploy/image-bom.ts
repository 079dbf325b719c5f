import { debianComponents } from './debian-components.ts'
import { isLeftOut } from './left-out.ts'

type Component = {
  readonly type: string
  readonly 'bom-ref'?: string
  readonly group?: string
  readonly name: string
  readonly version?: string
  readonly purl?: string
}
type Dependency = { readonly ref: string; readonly dependsOn?: readonly string[] }
export type Bom = {
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly Dependency[]
}

/** The runtime, which comes from the base image and not from a package. */
function nodeComponent(): Component {
  const version = process.versions.node
  const purl = `pkg:generic/node@${version}`
  return { type: 'application', 'bom-ref': purl, name: 'node', version, purl }
}

/** npm's bill of materials with Node and the Debian packages of dpkg's status file, without what the image leaves out. */
export function imageBom(bom: Bom, dpkgStatus: string): Bom {
  const fullName = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`)
  const removed = bom.components.filter((component) => isLeftOut(fullName(component)))
  const removedRefs = new Set(removed.map((component) => component['bom-ref']))
  return {
    ...bom,
    metadata: {
      ...bom.metadata,
      component: { ...bom.metadata.component, type: 'container', name: 'kinoprint' },
    },
    components: [
      ...bom.components.filter((component) => !removedRefs.has(component['bom-ref'])),
      nodeComponent(),
      ...debianComponents(dpkgStatus),
    ],
    dependencies: bom.dependencies
      .filter(({ ref }) => !removedRefs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: dependsOn.filter((dependency) => !removedRefs.has(dependency)),
      })),
  }
}
