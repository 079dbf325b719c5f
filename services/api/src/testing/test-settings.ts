import type { ApiSettings } from '../context.ts'

export const DEFAULT_BUCKET = 'kinoprint-1250000000'

/** The settings of an API in tests. */
export const testSettings: ApiSettings = {
  defaultBucket: DEFAULT_BUCKET,
  defaultRegion: 'local',
  storeDetail: 'full',
  trustProxy: false,
  resultTag: 'both',
  dedupeSeconds: 10,
  waitingPerKey: 0,
  requestsPerSecond: 0,
  wrongKeysPerMinute: 0,
  signatureRequireHost: false,
  corsOrigins: [],
  callbackAllow: [],
  inputUrlAllow: [],
  callbackJsonWrapper: false,
  callbackSecrets: [],
  amqpUrl: null,
  amqpNames: ['kinoprint.*'],
  kafkaBrokers: [],
  kafkaTopics: ['kinoprint.*'],
  hmaToken: null,
  oidc: null,
}
