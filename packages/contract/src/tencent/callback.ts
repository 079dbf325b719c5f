import type { CallbackFormat } from '@kinoprint/core'
import type { JobView } from './job-view.ts'
import { jobNode, type ResultTagOptions } from './jobs-xml.ts'
import { jsonTree, writeXml, type XmlNode } from './xml-writer.ts'

export type CallbackBodyOptions = ResultTagOptions & {
  readonly format: CallbackFormat
  /** Put the JSON into `{"Response": …}`, as one public page shows it; the others do not. */
  readonly jsonWrapper?: boolean
}

export type CallbackBody = { readonly contentType: string; readonly body: string }

/** What is sent when a job has ended in Success or Failed. */
export function callbackBody(job: JobView, options: CallbackBodyOptions): CallbackBody {
  const { format, jsonWrapper = false, ...resultTag } = options
  const nodes: readonly XmlNode[] = [['EventName', 'TaskFinish'], jobNode(job, resultTag)]
  if (format === 'XML') {
    return { contentType: 'application/xml', body: writeXml(['Response', nodes]) }
  }
  const tree = jsonTree(nodes)
  return { contentType: 'application/json', body: JSON.stringify(jsonWrapper ? { Response: tree } : tree) }
}
