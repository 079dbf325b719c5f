import { Fault } from '@kinoprint/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readXml, type XmlElement } from './xml-reader.ts'
import { jsonTree, writeXml, type XmlNode } from './xml-writer.ts'

function codeOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'none'
}

describe('readXml', () => {
  test('declaration, byte order mark, comments, CDATA and entities are parsed', () => {
    const body = Buffer.from(
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><a x="1">\r\n <b>1 &lt; &#x32; &amp;<![CDATA[<3>]]></b><?p i?><c/></a>\n',
    )
    const root = readXml(body)
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['b', '1 < 2 &<3>'],
      ['c', ''],
    ])
  })

  test.each(['', ' \r\n', '\uFEFF'])('the body %j is missing', (body) => {
    expect(codeOf(() => readXml(Buffer.from(body)))).toBe('MissingContent')
  })

  test.each([
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&nope;</a>',
    '<a x=1/>',
    '<a>\u0001</a>',
    '<?xml version="1.0"?>',
    '<CallBackFormat>JSON<CallBackFormat>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  ])('the body %j is rejected', (body) => {
    expect(codeOf(() => readXml(body))).toBe('InvalidContent')
  })

  test('bytes that are not UTF-8 are rejected', () => {
    expect(codeOf(() => readXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])))).toBe(
      'InvalidContent',
    )
  })

  test('nesting, number of elements and size are limited', {
    tags: ['xml-reader', 'xml-limits'],
  }, () => {
    const nested = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`
    expect(readXml(nested(32)).name).toBe('a')
    expect(codeOf(() => readXml(nested(33)))).toBe('InvalidContent')
    expect(codeOf(() => readXml(nested(100_000)))).toBe('InvalidContent')
    expect(readXml(`<a>${'<b/>'.repeat(9_999)}</a>`).children).toHaveLength(9_999)
    expect(codeOf(() => readXml(`<a>${'<b/>'.repeat(10_000)}</a>`))).toBe('InvalidContent')
    expect(codeOf(() => readXml(Buffer.alloc(1_048_577, 0x20)))).toBe('ContentTooLarge')
  })

  test('any body is parsed or rejected with a Fault', { tags: ['xml-reader'] }, () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<',
      '>',
      '&',
      '&lt;',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE',
      '<?',
      '-->',
      'é',
    )
    const soup = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 })
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((parts) => Buffer.from(parts.join(''))),
          fc.uint8Array(),
        ),
        (body) => {
          expect(codeOf(() => readXml(body))).toMatch(/^(none|MissingContent|InvalidContent)$/)
        },
      ),
      { numRuns: 500 },
    )
  })
})

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/)
const nodes = fc.letrec<{ node: XmlNode }>((tie) => ({
  node: fc.tuple(
    name,
    fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    ),
  ),
})).node

function allowed(text: string): string {
  return [...text]
    .filter((character) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]$/u.test(character))
    .join('')
}

function expectSame(element: XmlElement, [nodeName, content]: XmlNode): void {
  expect(element.name).toBe(nodeName)
  if (typeof content !== 'object') {
    expect(element.text).toBe(allowed(String(content)))
    return
  }
  expect(element.children).toHaveLength(content.length)
  for (const [index, child] of element.children.entries()) {
    const expected = content[index]
    if (expected !== undefined) expectSame(child, expected)
  }
}

describe('writeXml', () => {
  test('written text parses to the same text, without the characters that XML forbids', () => {
    fc.assert(
      fc.property(nodes, (node) => {
        expectSame(readXml(writeXml(node)), node)
      }),
      { numRuns: 300 },
    )
  })

  test('empty elements are self-closing and forbidden characters are dropped', () => {
    expect(
      writeXml([
        'a',
        [
          ['b', ''],
          ['c', 0],
          ['d', '\u0000\u0008\uFFFE\uD800x'],
        ],
      ]),
    ).toBe('<a><b/><c>0</c><d>x</d></a>')
  })

  test('JSON has arrays for repeated elements and omits empty ones', () => {
    const tree = jsonTree([
      ['a', 1],
      ['b', ''],
      [
        'a',
        [
          ['c', 'x'],
          ['d', ''],
        ],
      ],
      ['e', [['f', '']]],
      ['a', 'z'],
    ])
    expect(tree).toEqual({ a: ['1', { c: 'x' }, 'z'] })
  })
})
