/** An element to be written: its name and its text, a whole number, or its children. */
export type XmlNode = readonly [name: string, content: XmlContent]
export type XmlContent = string | number | readonly XmlNode[]

/** Everything that XML 1.0 cannot hold at all, not even as a reference; lone surrogates too. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** A reader turns a bare carriage return into a line feed, hence its reference. */
function escapeText(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => escapes[character] ?? character)
}

function isChildren(content: XmlContent): content is readonly XmlNode[] {
  return typeof content === 'object'
}

/**
 * Writes an element on one line, without declaration. Characters that XML 1.0 forbids are dropped; an element
 * without content is `<Name/>`.
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
 * The same elements as JSON, as the service writes callbacks: every leaf a string, an element that stands once
 * an object or string, one that is repeated an array, empty ones left out.
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
