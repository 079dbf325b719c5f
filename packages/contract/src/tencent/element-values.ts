import { Fault } from '@kinoprint/core'
import type { XmlElement } from './xml-reader.ts'

/** An element's path for messages, e.g. `Request.Input.Object`. */
function pathOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** An element of a request body together with its path. */
export type ElementView = {
  readonly path: string
  readonly element: XmlElement
}

export function invalidElement(path: string, reason: string): Fault {
  return new Fault('InvalidArgument', `${path} ${reason}`)
}

/** Returns the child with that name, if present. A repeated child is ambiguous and throws Fault InvalidArgument. */
export function childOf({ path, element }: ElementView, name: string): ElementView | undefined {
  const found = element.children.filter((child) => child.name === name)
  const childPath = pathOf(path, name)
  if (found.length > 1) {
    throw invalidElement(childPath, `appears ${found.length} times. Send it once.`)
  }
  return found[0] === undefined ? undefined : { path: childPath, element: found[0] }
}

/**
 * Returns all children with that name, at least one and at most `max`. The path of one among several has its number.
 * Throws Fault InvalidArgument if there are none or too many.
 */
export function requiredChildrenOf(
  view: ElementView,
  name: string,
  { max }: { readonly max: number },
): readonly ElementView[] {
  const path = pathOf(view.path, name)
  const found = view.element.children.filter((child) => child.name === name)
  if (found.length === 0) throw invalidElement(path, 'is missing.')
  if (found.length > max) {
    throw invalidElement(path, `appears ${found.length} times. Send it at most ${max} times.`)
  }
  return found.map((element, index) => ({
    path: found.length === 1 ? path : `${path}[${index + 1}]`,
    element,
  }))
}

export function requiredChildOf(view: ElementView, name: string): ElementView {
  const child = childOf(view, name)
  if (child === undefined) {
    throw invalidElement(pathOf(view.path, name), 'is missing.')
  }
  return child
}

/** Returns the unchanged text of a leaf; undefined if the element is absent or empty. */
export function rawTextOf(view: ElementView, name: string): string | undefined {
  const child = childOf(view, name)
  if (child === undefined) {
    return undefined
  }
  if (child.element.children.length > 0) {
    throw invalidElement(child.path, 'must contain text, not elements.')
  }
  return child.element.text === '' ? undefined : child.element.text
}

export type TextOptions = { readonly maxCharacters: number }

/** Returns a leaf's trimmed text; undefined if it is absent or blank. */
export function textOf(view: ElementView, name: string, { maxCharacters }: TextOptions): string | undefined {
  const text = rawTextOf(view, name)?.trim()
  if (text !== undefined && text.length > maxCharacters) {
    throw invalidElement(pathOf(view.path, name), `is longer than ${maxCharacters} characters.`)
  }
  return text === '' ? undefined : text
}

export function requiredTextOf(view: ElementView, name: string, options: TextOptions): string {
  const text = textOf(view, name, options)
  if (text === undefined) {
    throw invalidElement(pathOf(view.path, name), 'is missing.')
  }
  return text
}

export type ChoiceOptions = { readonly anyCase?: boolean }

/** Returns the text of a leaf, which must be one of `choices`; undefined if the element is absent or blank. */
export function choiceOf<Choice extends string>(
  view: ElementView,
  name: string,
  { choices, anyCase = false }: ChoiceOptions & { readonly choices: readonly Choice[] },
): Choice | undefined {
  const text = rawTextOf(view, name)?.trim()
  if (text === undefined || text === '') {
    return undefined
  }
  const same = (choice: Choice): boolean =>
    choice === text || (anyCase && choice.toLowerCase() === text.toLowerCase())
  const found = choices.find(same)
  if (found === undefined) {
    throw invalidElement(pathOf(view.path, name), `must be one of ${choices.join(', ')}.`)
  }
  return found
}

/** A callback URL. Only its syntax is checked here. */
export function callbackUrlOf(
  view: ElementView,
  name: string,
  { maxCharacters }: TextOptions,
): string | undefined {
  const text = textOf(view, name, { maxCharacters })
  if (text === undefined) {
    return undefined
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw invalidElement(pathOf(view.path, name), 'must be a URL that begins with http:// or https://.')
  }
  return text
}
