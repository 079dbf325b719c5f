import type { JsonSchema } from '../openapi/operation.ts'

const text: JsonSchema = { type: 'string' }
const ratio: JsonSchema = { type: 'number', minimum: 0, maximum: 1 }
const id: JsonSchema = { type: 'integer', minimum: 0 }
const bankName: JsonSchema = { type: 'string', pattern: '^[A-Z_][A-Z0-9_]{0,127}$' }
const PDQ = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22'

function object(properties: Readonly<Record<string, JsonSchema>>, more: JsonSchema = {}): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), ...more }
}

function mapOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values }
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** The values of a body that a client may leave out. */
function optional(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

const matchesByBank = mapOf(listOf(ref('HmaMatch')))
const bankFields = {
  enabled: { type: 'boolean', description: 'Stands for the ratio 0 or 1.' },
  enabled_ratio: { ...ratio, description: 'Below 1, the bank takes part in this share of the lookups.' },
}

/** The bodies of the routes of HMA, written manually. */
export const hmaSchemas: Readonly<Record<string, JsonSchema>> = {
  HmaError: object({ message: text }),
  HmaMessage: object({ message: text }),
  HmaNothing: { type: 'array', maxItems: 0 },
  HmaFileForm: {
    type: 'object',
    description: 'One file, in a field that says what it is.',
    properties: {
      photo: { type: 'string', contentMediaType: 'application/octet-stream' },
      video: { type: 'string', contentMediaType: 'application/octet-stream' },
    },
  },
  HmaSignals: {
    ...optional({
      pdq: { ...text, description: 'Of a picture: 64 hexadecimal digits.' },
      vpdq: { ...text, description: 'Of a video: a JSON list, as text.' },
    }),
    examples: [{ pdq: PDQ }],
  },
  HmaMatch: object({
    bank_content_id: id,
    distance: {
      ...text,
      description: 'Of pdq, differing bits. Of vpdq, shares of the query and of the stored video.',
    },
  }),
  HmaMatches: {
    description: 'Matches by bank. Of a file without signal_type, by kind of signal and then by bank.',
    anyOf: [matchesByBank, mapOf(matchesByBank)],
    examples: [{ FILMS: [{ bank_content_id: 17, distance: '100%[43%]' }] }],
  },
  HmaRawMatches: object({
    matches: listOf({ anyOf: [id, ref('HmaMatch')], description: 'With include_distance, objects.' }),
  }),
  HmaPairs: {
    ...mapOf({ type: 'array', items: text, minItems: 2, maxItems: 2 }),
    description: 'Two signals by kind.',
    examples: [{ pdq: [PDQ, PDQ] }],
  },
  HmaComparisons: {
    ...mapOf({
      type: 'array',
      prefixItems: [
        { type: 'boolean', description: 'Whether they match.' },
        {
          anyOf: [
            object({ distance: { type: 'integer', minimum: 0, maximum: 256 } }),
            object({
              query_match_percent: { type: 'number' },
              compared_match_percent: { type: 'number' },
            }),
          ],
        },
      ],
    }),
    examples: [{ pdq: [true, { distance: 0 }] }],
  },
  HmaIndexStatus: mapOf(
    object({
      present: { type: 'boolean' },
      built_to: { type: 'integer', description: 'Unix time.' },
      size: { ...id, description: 'The number of banks.' },
    }),
  ),
  HmaSignalTypes: listOf(object({ name: { type: 'string', enum: ['pdq', 'vpdq'] }, enabled_ratio: ratio })),
  HmaBank: object({ name: text, matching_enabled_ratio: ratio }),
  HmaBanks: listOf(ref('HmaBank')),
  HmaNewBank: { ...optional({ name: bankName, ...bankFields }, ['name']), examples: [{ name: 'FILMS' }] },
  HmaBankChanges: { ...optional({ name: bankName, ...bankFields }), examples: [{ enabled_ratio: 0.5 }] },
  HmaAdded: object({ id, signals: ref('HmaSignals') }),
  HmaContentChanges: {
    ...optional({
      disable_until_ts: {
        type: 'integer',
        minimum: 0,
        description: 'Unix time. 0 disables it without an end, 1 enables it.',
      },
    }),
    examples: [{ disable_until_ts: 1 }],
  },
  HmaContent: {
    ...optional(
      {
        id,
        disable_until_ts: { type: 'integer' },
        collab_metadata: { type: 'object' },
        original_media_uri: { type: 'null' },
        bank: ref('HmaBank'),
        signals: ref('HmaSignals'),
      },
      ['id', 'disable_until_ts', 'collab_metadata', 'original_media_uri', 'bank'],
    ),
  },
  HmaDeleted: object({ deleted: { type: 'integer', enum: [0, 1] } }),
}
