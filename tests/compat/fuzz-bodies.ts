import fc from 'fast-check'

/** Existing ids and names that a body can use. */
export type Named = { readonly library: string; readonly queueId: string }

/** Plausible and implausible texts of any length and character. */
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 900, maxLength: 2500 }) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      '0',
      '1',
      '-1',
      '1e3',
      'no',
      '\u0000',
      '%',
      '../..',
      "' or 1=1--",
      '&amp;',
    ),
  },
)

function escaped(value: string): string {
  return value.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
}

/** An element with plausible or implausible text, present once, twice or not at all. */
function element(name: string, likely: readonly string[]): fc.Arbitrary<string> {
  const write = (value: string) => `<${name}>${value}</${name}>`
  const good = fc.constantFrom(...likely).map(write)
  return fc.oneof(
    { weight: 90, arbitrary: good },
    { weight: 2, arbitrary: text.map((value) => write(escaped(value))) },
    { weight: 1, arbitrary: text.map((value) => write(`<![CDATA[${value}]]>`)) },
    { weight: 1, arbitrary: fc.constant(`<${name}/>`) },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: good.map((one) => one + one) },
    { weight: 1, arbitrary: good.map((one) => write(one)) },
  )
}

function sequence(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.shuffledSubarray(
        parts.map((_, index) => index),
        { minLength: parts.length },
      ),
      fc.tuple(...parts),
    )
    .map(([order, texts]) => order.map((index) => texts[index]).join(''))
}

function wrapped(name: string, inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return inner.map((children) => `<${name}>${children}</${name}>`)
}

/** No callback reaches a receiver: loopback is refused, and none of these addresses is public. */
const callback = sequence(
  element('CallBack', ['', 'no', 'http://127.0.0.1:9/x', 'http://[::1]/x', 'https://10.0.0.1/']),
  element('CallBackFormat', ['XML', 'JSON', 'json', '']),
  element('CallBackType', ['Url', 'URL', '', '', 'TDMQ']),
  element('CallBackMqConfig', ['<MqRegion>r</MqRegion><MqMode>Queue</MqMode><MqName>n</MqName>', '']),
)

function jobBody({ library, queueId }: Named): fc.Arbitrary<string> {
  return wrapped(
    'Request',
    sequence(
      element('Tag', ['DNA']),
      wrapped('Input', element('Object', ['input/a.mp4', 'b.mp4', '测试/ü.mp4'])),
      wrapped(
        'Operation',
        sequence(
          wrapped(
            'DnaConfig',
            sequence(
              element('RuleType', [
                'GetFingerPrint',
                'FindSimilarVideo',
                'FindSimilarVideo',
                'DeleteFingerPrint',
              ]),
              element('DnaDbId', [library]),
              element('VideoId', ['dv0', '']),
            ),
          ),
          element('UserData', ['data', '']),
          element('JobLevel', ['0', '1', '2', '']),
        ),
      ),
      element('QueueId', [queueId, '', '']),
      fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: callback }),
    ),
  )
}

export const queueBody = wrapped(
  'Request',
  sequence(
    element('Name', ['films', 'ü & <x>'].map(escaped)),
    element('State', ['Active', 'Active', 'Paused', '']),
    fc.oneof(
      fc.constant(''),
      wrapped(
        'NotifyConfig',
        sequence(
          element('Url', ['http://127.0.0.1:9/', '']),
          element('State', ['On', 'Off']),
          element('Type', ['Url', 'TDMQ']),
          element('Event', ['TaskFinish', 'TaskFinish,WorkflowFinish']),
          element('ResultFormat', ['XML', 'JSON']),
          element('MqName', ['', 'q']),
        ),
      ),
    ),
  ),
)

/** XML with a piece removed, inserted or duplicated. */
export function mangled(body: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      body,
      fc.nat(),
      fc.nat({ max: 30 }),
      fc.oneof(text, fc.constantFrom('<', '>', '&', ']]>', '<!DOCTYPE x>', '<!--', '<?x?>')),
    )
    .map(([whole, from, length, put]) => {
      const start = from % (whole.length + 1)
      return whole.slice(0, start) + put + whole.slice(start + length)
    })
}

const nested = fc.nat({ max: 20_000 }).map((depth) => '<a>'.repeat(depth) + '</a>'.repeat(depth))

export function bodies(ground: Named): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: jobBody(ground) },
    { weight: 1, arbitrary: queueBody },
    { weight: 4, arbitrary: mangled(jobBody(ground)) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: nested },
    {
      weight: 1,
      arbitrary: fc.nat({ max: 1_100_000 }).map((size) => `<Request>${' '.repeat(size)}</Request>`),
    },
  )
}
