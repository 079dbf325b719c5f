/** The texts of all elements of that name, in their order. */
export const tags = (name: string, xml: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '')

/** The text of the first element of that name. */
export const tag = (name: string, xml: string): string | undefined => tags(name, xml)[0]
