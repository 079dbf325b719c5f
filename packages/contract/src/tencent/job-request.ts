import { type CallbackSettings, Fault, type JobLevel, type RuleType, ruleTypes } from '@kinoprint/core'
import {
  callbackUrlOf,
  choiceOf,
  type ElementView,
  invalidElement,
  rawTextOf,
  requiredChildOf,
  requiredChildrenOf,
  requiredTextOf,
  textOf,
} from './element-values.ts'
import { limits } from './limits.ts'
import { readXml, type XmlLimits } from './xml-reader.ts'

/** One job of the body of POST /jobs. The store checks whether its library and queue exist. */
export type JobRequest = {
  readonly tag: 'DNA'
  readonly object: string
  readonly ruleType: RuleType
  readonly dnaDbId: string
  /** Present only for DeleteFingerPrint. */
  readonly videoId?: string
  readonly userData?: string
  readonly jobLevel: JobLevel
  readonly queueId?: string
  /** Absent if the request has no callback settings, in which case those of the queue apply. */
  readonly callback?: CallbackSettings
}

const idText = { maxCharacters: limits.idCharactersMax }

/** The public table mistakenly lists DeleteVideoPrint, and clients were written against it. */
const DELETE_ALIAS = 'DeleteVideoPrint'

/** The root of a request body. Throws Fault InvalidContent unless it is named Request. */
export function readRequest(body: Uint8Array | string, options: XmlLimits = {}): ElementView {
  const element = readXml(body, options)
  if (element.name !== 'Request') {
    throw new Fault('InvalidContent', 'The root element of the body must be Request.')
  }
  return { path: 'Request', element }
}

function holdsLineBreak(space: string): boolean {
  return space.includes('\n') || space.includes('\r')
}

/** Spaces are part of an object's name, but surrounding white space with a line break comes from pretty-printing. */
function withoutOuterLines(text: string): string {
  const start = text.length - text.trimStart().length
  const end = text.trimEnd().length
  const from = holdsLineBreak(text.slice(0, start)) ? start : 0
  const to = holdsLineBreak(text.slice(end)) ? end : text.length
  return text.slice(from, Math.max(from, to))
}

function objectOf(request: ElementView): string {
  const input = requiredChildOf(request, 'Input')
  const object = withoutLeadingSlash(withoutOuterLines(rawTextOf(input, 'Object') ?? ''))
  if (object === '') {
    throw invalidElement('Request.Input.Object', 'is missing.')
  }
  if (Buffer.byteLength(object) > limits.objectBytesMax) {
    throw invalidElement('Request.Input.Object', `is longer than ${limits.objectBytesMax} bytes.`)
  }
  return object
}

export function ruleOf(operation: ElementView): Pick<JobRequest, 'ruleType' | 'dnaDbId' | 'videoId'> {
  const config = requiredChildOf(operation, 'DnaConfig')
  requiredTextOf(config, 'RuleType', idText)
  const written = choiceOf(config, 'RuleType', { choices: [...ruleTypes, DELETE_ALIAS] })
  const ruleType = written === undefined || written === DELETE_ALIAS ? 'DeleteFingerPrint' : written
  const dnaDbId = requiredTextOf(config, 'DnaDbId', idText)
  return ruleType === 'DeleteFingerPrint'
    ? { ruleType, dnaDbId, videoId: requiredTextOf(config, 'VideoId', idText) }
    : { ruleType, dnaDbId }
}

export function userDataOf(operation: ElementView): string | undefined {
  const userData = rawTextOf(operation, 'UserData')
  if (userData !== undefined && [...userData].length > limits.userDataCharactersMax) {
    throw invalidElement(
      `${operation.path}.UserData`,
      `is longer than ${limits.userDataCharactersMax} characters.`,
    )
  }
  return userData
}

const levels: Readonly<Record<'0' | '1' | '2', JobLevel>> = { 0: 0, 1: 1, 2: 2 }

export function jobLevelOf(operation: ElementView): JobLevel {
  return levels[choiceOf(operation, 'JobLevel', { choices: ['0', '1', '2'] }) ?? '0']
}

function mqOf(request: ElementView): Pick<CallbackSettings, 'mqMode' | 'mqRegion' | 'mqName'> {
  const config = requiredChildOf(request, 'CallBackMqConfig')
  return {
    mqMode: choiceOf(config, 'MqMode', { choices: ['Queue', 'Topic'] }) ?? 'Queue',
    mqRegion: requiredTextOf(config, 'MqRegion', idText),
    mqName: requiredTextOf(config, 'MqName', idText),
  }
}

function kafkaOf(request: ElementView): Pick<CallbackSettings, 'mqRegion' | 'mqName'> {
  const config = requiredChildOf(request, 'CallBackKafkaConfig')
  requiredTextOf(config, 'InstanceId', idText)
  return {
    mqRegion: requiredTextOf(config, 'Region', idText),
    mqName: requiredTextOf(config, 'Topic', idText),
  }
}

export function callbackOf(request: ElementView): CallbackSettings | undefined {
  const urlText = { maxCharacters: limits.callbackUrlCharactersMax }
  const silent = textOf(request, 'CallBack', urlText)?.toLowerCase() === 'no'
  const givenFormat = choiceOf(request, 'CallBackFormat', { choices: ['XML', 'JSON'], anyCase: true })
  const type = choiceOf(request, 'CallBackType', { choices: ['Url', 'TDMQ', 'Kafka'], anyCase: true })
  const format = givenFormat ?? 'XML'
  if (silent) {
    return { silent, type: type ?? 'Url', format }
  }
  if (type === 'TDMQ') {
    return { silent, type, format, ...mqOf(request) }
  }
  if (type === 'Kafka') {
    return { silent, type, format, ...kafkaOf(request) }
  }
  const url = callbackUrlOf(request, 'CallBack', urlText)
  if (url === undefined && givenFormat === undefined) {
    return undefined
  }
  return { silent, type: 'Url', format, ...(url === undefined ? {} : { url }) }
}

/**
 * Parses the body of POST /jobs, which submits one job for each `Operation`, in order. Elements may come in any order;
 * unknown ones are ignored, and empty ones count as absent. Throws Fault MissingContent (empty body), InvalidContent (not
 * XML), ContentTooLarge, or InvalidArgument with the element's path.
 *
 * @example parseJobRequests(body)[0]?.ruleType // 'FindSimilarVideo'
 */
export function parseJobRequests(body: Uint8Array | string, options: XmlLimits = {}): readonly JobRequest[] {
  const request = readRequest(body, options)
  requiredTextOf(request, 'Tag', idText)
  const tag = choiceOf(request, 'Tag', { choices: ['DNA'] }) ?? 'DNA'
  const object = objectOf(request)
  const operations = requiredChildrenOf(request, 'Operation', { max: limits.operationsPerRequest })
  const queueId = textOf(request, 'QueueId', idText)
  const callback = callbackOf(request)
  return operations.map((operation) => ({
    tag,
    object,
    ...operationOf(operation),
    ...(queueId === undefined ? {} : { queueId }),
    ...(callback === undefined ? {} : { callback }),
  }))
}

function operationOf(
  operation: ElementView,
): Pick<JobRequest, 'ruleType' | 'dnaDbId' | 'videoId' | 'userData' | 'jobLevel'> {
  const rule = ruleOf(operation)
  const userData = userDataOf(operation)
  return { ...rule, ...(userData === undefined ? {} : { userData }), jobLevel: jobLevelOf(operation) }
}

/** An object's name as it is stored: without the leading slash that official demos send. */
export function withoutLeadingSlash(object: string): string {
  return object.startsWith('/') ? object.slice(1) : object
}
