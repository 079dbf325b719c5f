/**
 * An object's name as it is kept: without the leading slash with which official demos write it. No object's name
 * begins with one, so that both spellings mean the same object.
 */
export const withoutLeadingSlash = (object: string): string =>
  object.startsWith('/') ? object.slice(1) : object
