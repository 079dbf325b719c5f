import type { CallbackFormat } from '@kinoprint/core'
import type { JobView } from './job-view.ts'
import { jobNode, type ResultTagOptions } from './jobs-xml.ts'
import { jsonTree, writeXml, type XmlNode } from './xml-writer.ts'

export type CallbackBodyOptions = ResultTagOptions & {
  readonly format: CallbackFormat
  /** Wrap the JSON in `{"Response": …}`, as one of the public pages shows it. Default false. */
  readonly jsonWrapper?: boolean
}

export type CallbackBody = { readonly contentType: string; readonly body: string }

/** The body of a callback for a job that ended in Success or Failed. */
export function callbackBody(job: JobView, options: CallbackBodyOptions): CallbackBody {
  const { format, jsonWrapper = false, ...resultTag } = options
  const nodes: readonly XmlNode[] = [['EventName', 'TaskFinish'], jobNode(job, resultTag)]
  if (format === 'XML') {
    return { contentType: 'application/xml', body: writeXml(['Response', nodes]) }
  }
  const tree = jsonTree(nodes)
  return { contentType: 'application/json', body: JSON.stringify(jsonWrapper ? { Response: tree } : tree) }
}
