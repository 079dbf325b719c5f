import type { InventoryTask } from '@kinoprint/core'
import {
  childOf,
  choiceOf,
  type ElementView,
  invalidElement,
  rawTextOf,
  requiredChildOf,
  requiredTextOf,
  textOf,
} from './element-values.ts'
import {
  callbackOf,
  jobLevelOf,
  readRequest,
  ruleOf,
  userDataOf,
  withoutLeadingSlash,
} from './job-request.ts'
import { limits } from './limits.ts'
import { parseTime } from './time.ts'

const idText = { maxCharacters: limits.idCharactersMax }
const urlText = { maxCharacters: limits.callbackUrlCharactersMax }

/** Parses the body of POST /inventorytriggerjob, with the same tolerance and the same Faults as `parseJobRequests`. */
export function parseInventoryRequest(body: Uint8Array | string): InventoryTask {
  const request = readRequest(body)
  choiceOf(request, 'Type', { choices: ['Job'] })
  const operation = requiredChildOf(request, 'Operation')
  requiredTextOf(operation, 'Tag', idText)
  choiceOf(operation, 'Tag', { choices: ['DNA'] })
  const parameters = requiredChildOf(operation, 'JobParam')
  const { ruleType, dnaDbId } = ruleOf(parameters)
  if (ruleType === 'DeleteFingerPrint') {
    const path = `${parameters.path}.DnaConfig.RuleType`
    throw invalidElement(path, 'cannot be DeleteFingerPrint, which needs a VideoId for each object.')
  }
  const userData = userDataOf(operation)
  const queueId = textOf(operation, 'QueueId', idText)
  const callback = callbackOf(operation) ?? callbackOf(request)
  return {
    name: textOf(request, 'Name', idText) ?? 'inventory',
    source: sourceOf(requiredChildOf(request, 'Input')),
    ...intervalOf(operation),
    ruleType,
    dnaDbId,
    ...(userData === undefined ? {} : { userData }),
    jobLevel: jobLevelOf(operation),
    ...(queueId === undefined ? {} : { queueId }),
    ...(callback === undefined ? {} : { callback }),
  }
}

function sourceOf(input: ElementView): InventoryTask['source'] {
  const prefix = rawTextOf(input, 'Prefix')
  const object = rawTextOf(input, 'Object')
  const urlFile = textOf(input, 'UrlFile', urlText)
  const manifest = textOf(input, 'Manifest', urlText)
  const given = [prefix, object, urlFile, manifest].filter((text) => text !== undefined)
  if (given.length !== 1) {
    throw invalidElement(input.path, 'must contain exactly one of Prefix, Object, UrlFile and Manifest.')
  }
  for (const text of given) {
    if (Buffer.byteLength(text) <= limits.callbackUrlCharactersMax) continue
    throw invalidElement(input.path, `has a text of more than ${limits.callbackUrlCharactersMax} bytes.`)
  }
  if (urlFile !== undefined) return { kind: 'urlFile', urlFile }
  if (manifest !== undefined) return { kind: 'manifest', manifest }
  if (object !== undefined) return { kind: 'object', object: withoutLeadingSlash(object) }
  return { kind: 'prefix', prefix: withoutLeadingSlash(prefix ?? '') }
}

function intervalOf(operation: ElementView): Pick<InventoryTask, 'changedAfter' | 'changedBefore'> {
  const interval = childOf(operation, 'TimeInterval')
  const timeOf = (name: string): string | undefined => {
    const text = interval === undefined ? undefined : textOf(interval, name, idText)
    return text === undefined || text === '-' ? undefined : parseTime(text, name).toISOString()
  }
  const [changedAfter, changedBefore] = [timeOf('Start'), timeOf('End')]
  return {
    ...(changedAfter === undefined ? {} : { changedAfter }),
    ...(changedBefore === undefined ? {} : { changedBefore }),
  }
}
