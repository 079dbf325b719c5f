/** An element to write: its name, and its text, number or children. */
export type XmlNode = readonly [name: string, content: XmlContent]
type XmlContent = string | number | readonly XmlNode[]

/** Characters that XML 1.0 forbids even as references, including lone surrogates. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** Parsers turn a bare carriage return into a line feed, so it is written as a reference. */
function escapeText(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => escapes[character] ?? character)
}

function isChildren(content: XmlContent): content is readonly XmlNode[] {
  return typeof content === 'object'
}

/**
 * Writes an element on one line, without an XML declaration. Forbidden characters are dropped. An empty element becomes
 * `<Name/>`.
 *
 * @example writeXml(['Response', [['NextToken', '']]]) // '<Response><NextToken/></Response>'
 */
export function writeXml([name, content]: XmlNode): string {
  const inner = isChildren(content) ? content.map(writeXml).join('') : escapeText(String(content))
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`
}

export type JsonTree = { [name: string]: JsonValue }
type JsonValue = string | JsonTree | JsonValue[]

function jsonContent(content: XmlContent): JsonValue | undefined {
  if (!isChildren(content)) {
    return content === '' ? undefined : String(content)
  }
  const tree = jsonTree(content)
  return Object.keys(tree).length === 0 ? undefined : tree
}

/**
 * Converts the elements to JSON in the form of the public service's callbacks: leaves are strings, repeated elements
 * arrays, single ones strings or objects, and empty ones are omitted.
 */
export function jsonTree(nodes: readonly XmlNode[]): JsonTree {
  const tree: JsonTree = {}
  for (const [name, content] of nodes) {
    const value = jsonContent(content)
    if (value === undefined) {
      continue
    }
    const before = tree[name]
    if (before === undefined) {
      tree[name] = value
    } else if (Array.isArray(before)) {
      before.push(value)
    } else {
      tree[name] = [before, value]
    }
  }
  return tree
}
