/** An element of an answer: its text, or its children. */
export type AnswerNode = {
  readonly name: string
  readonly text: string
  readonly children: readonly AnswerNode[]
}

const DECLARATION = "<?xml version='1.0' encoding='utf-8' ?>"
const TOKEN = /<(\/?)([A-Za-z]+)(\/?)>|([^<]+)/gy
/** No bare ampersand and no character outside XML 1.0. */
const TEXT = /^(?:[\t\n\u0020-\u0025\u0027-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|&(?:amp|lt|gt|#13);)*$/u

/**
 * Parses a response more strictly than XML requires: one root, plain names, no attributes, text only in leaves.
 * Throws otherwise.
 */
export function parseAnswer(xml: string): AnswerNode {
  const source = xml.startsWith(DECLARATION) ? xml.slice(DECLARATION.length) : xml
  const root = { name: '', text: '', children: [] as AnswerNode[] }
  const open: (typeof root)[] = [root]
  let end = 0
  for (const token of source.matchAll(TOKEN)) {
    const [whole, closing, name = '', empty, text] = token
    const parent = open.at(-1)
    if (parent === undefined) throw new Error(`An element is closed that was not opened: ${source}`)
    if (text !== undefined) {
      if (!TEXT.test(text) || open.length === 1) throw new Error(`This text is not allowed here: ${text}`)
      parent.text += text
    } else if (closing) {
      if (parent.name !== name) throw new Error(`${name} closes ${parent.name}: ${source}`)
      if (parent.text !== '' && parent.children.length > 0)
        throw new Error(`${name} contains text and elements.`)
      open.pop()
    } else {
      const node = { name, text: '', children: [] }
      parent.children.push(node)
      if (!empty) open.push(node)
    }
    end += whole.length
  }
  const [only, ...more] = root.children
  if (end !== source.length || open.length !== 1 || only === undefined || more.length > 0)
    throw new Error(`This is not one complete element: ${source}`)
  return only
}

/** The text of the child of that name. */
export function childText(node: AnswerNode, name: string): string {
  return node.children.find((child) => child.name === name)?.text ?? ''
}
