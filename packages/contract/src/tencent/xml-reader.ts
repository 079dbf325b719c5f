import { Fault } from '@kinoprint/core'
import { SaxesParser } from 'saxes'
import { limits } from './limits.ts'

/** One element. `text` is its own character data with entities resolved, not trimmed. */
export type XmlElement = {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

type OpenElement = { name: string; text: string; children: XmlElement[] }

export type XmlLimits = {
  readonly maxBytes?: number
  readonly maxDepth?: number
  readonly maxElements?: number
}

/** Only white space as XML defines it. */
const blank = /^[ \t\r\n]*$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(body: Uint8Array | string, maxBytes: number): string {
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (size > maxBytes) {
    throw new Fault('ContentTooLarge', `The body has ${size} bytes. The limit is ${maxBytes} bytes.`)
  }
  if (typeof body === 'string') {
    return body.startsWith('\uFEFF') ? body.slice(1) : body
  }
  try {
    return utf8.decode(body)
  } catch (cause) {
    throw new Fault('InvalidContent', 'The body is not UTF-8 text.', { cause })
  }
}

/**
 * Parses a body into a tree of elements. Attributes, comments and processing instructions are ignored. Document types
 * are rejected, because they can declare entities that expand without limit. Throws only Fault MissingContent (empty),
 * InvalidContent (malformed, too deep or too many elements) or ContentTooLarge.
 *
 * @example readXml('<a><b>1</b></a>').children[0]?.text // '1'
 */
export function readXml(
  body: Uint8Array | string,
  {
    maxBytes = limits.xmlBytesMax,
    maxDepth = limits.xmlDepthMax,
    maxElements = limits.xmlElementsMax,
  }: XmlLimits = {},
): XmlElement {
  const text = decodeUtf8(body, maxBytes)
  if (blank.test(text)) {
    throw new Fault('MissingContent', 'The request has no body.')
  }
  const parser = new SaxesParser({ xmlns: false, position: true })
  const open: OpenElement[] = []
  let root: OpenElement | undefined
  let elements = 0
  const refuse = (reason: string, cause?: unknown): never => {
    throw new Fault('InvalidContent', `The body is not well-formed XML: ${reason}`, { cause })
  }

  parser.on('error', (error) => refuse(error.message, error))
  parser.on('doctype', () => refuse('a document type declaration is not allowed.'))
  parser.on('opentag', ({ name }) => {
    elements += 1
    if (elements > maxElements) {
      refuse(`it has more than ${maxElements} elements.`)
    }
    if (open.length >= maxDepth) {
      refuse(`it is nested deeper than ${maxDepth} elements.`)
    }
    const element: OpenElement = { name, text: '', children: [] }
    const parent = open.at(-1)
    if (parent === undefined) {
      root = element
    } else {
      parent.children.push(element)
    }
    open.push(element)
  })
  const addText = (data: string): void => {
    const element = open.at(-1)
    if (element !== undefined) {
      element.text += data
    }
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => open.pop())
  parser.write(text).close()
  return root ?? refuse('it has no root element.')
}
