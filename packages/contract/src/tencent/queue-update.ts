import { type QueueNotify, type QueueState, queueStates, silentNotify } from '@kinoprint/core'
import {
  callbackUrlOf,
  childOf,
  choiceOf,
  type ElementView,
  invalidElement,
  requiredChildOf,
  requiredTextOf,
  textOf,
} from './element-values.ts'
import { readRequest } from './job-request.ts'
import { limits } from './limits.ts'
import type { XmlLimits } from './xml-reader.ts'

/** The body of PUT /queue/{queueId}. Absent fields stay unchanged; NotifyConfig is replaced as a whole. */
export type QueueUpdate = {
  readonly name?: string
  readonly state?: QueueState
  readonly notify?: QueueNotify
}

const idText = { maxCharacters: limits.idCharactersMax }
const events = ['TaskFinish', 'WorkflowFinish']

function eventOf(config: ElementView): string {
  const given = textOf(config, 'Event', idText)?.split(',') ?? [silentNotify.event]
  const named = given.map((event) => event.trim())
  if (!named.every((event) => events.includes(event))) {
    throw invalidElement(`${config.path}.Event`, `must be a comma-separated list of ${events.join(', ')}.`)
  }
  return named.join(',')
}

function notifyOf(config: ElementView): QueueNotify {
  const state = choiceOf(config, 'State', { choices: ['On', 'Off'] }) ?? silentNotify.state
  const type =
    choiceOf(config, 'Type', { choices: ['Url', 'TDMQ', 'Kafka'], anyCase: true }) ?? silentNotify.type
  const url = callbackUrlOf(config, 'Url', { maxCharacters: limits.callbackUrlCharactersMax }) ?? ''
  const needed = (name: string, wanted: boolean): string =>
    state === 'On' && wanted ? requiredTextOf(config, name, idText) : (textOf(config, name, idText) ?? '')
  if (state === 'On' && type === 'Url' && url === '') {
    throw invalidElement(`${config.path}.Url`, 'is missing.')
  }
  return {
    url,
    state,
    type,
    event: eventOf(config),
    resultFormat:
      choiceOf(config, 'ResultFormat', { choices: ['XML', 'JSON'], anyCase: true }) ??
      silentNotify.resultFormat,
    mqMode: choiceOf(config, 'MqMode', { choices: ['Queue', 'Topic'] }) ?? (type === 'TDMQ' ? 'Queue' : ''),
    ...(type === 'Kafka'
      ? kafkaOf(config, state === 'On')
      : { mqRegion: needed('MqRegion', type === 'TDMQ'), mqName: needed('MqName', type === 'TDMQ') }),
  }
}

function kafkaOf(
  config: ElementView,
  isNeeded: boolean,
): Pick<QueueNotify, 'mqRegion' | 'mqName' | 'kafkaInstanceId'> {
  const kafka = isNeeded ? requiredChildOf(config, 'KafkaConfig') : childOf(config, 'KafkaConfig')
  const of = (name: string): string => {
    if (kafka === undefined) return ''
    return isNeeded ? requiredTextOf(kafka, name, idText) : (textOf(kafka, name, idText) ?? '')
  }
  return { mqRegion: of('Region'), mqName: of('Topic'), kafkaInstanceId: of('InstanceId') }
}

/** Parses the body of PUT /queue/{queueId}, with the same tolerance and the same Faults as `parseJobRequests`. */
export function parseQueueUpdate(body: Uint8Array | string, options: XmlLimits = {}): QueueUpdate {
  const request = readRequest(body, options)
  const name = textOf(request, 'Name', { maxCharacters: limits.queueNameBytesMax })
  if (name !== undefined && Buffer.byteLength(name) > limits.queueNameBytesMax) {
    throw invalidElement('Request.Name', `is longer than ${limits.queueNameBytesMax} bytes.`)
  }
  const state = choiceOf(request, 'State', { choices: queueStates })
  const config = childOf(request, 'NotifyConfig')
  return {
    ...(name === undefined ? {} : { name }),
    ...(state === undefined ? {} : { state }),
    ...(config === undefined ? {} : { notify: notifyOf(config) }),
  }
}
