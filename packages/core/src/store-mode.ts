/** Which videos a library stores: all, those that match no stored one, or none, to check videos without storing them. */
export const storeModes = ['always', 'ifNew', 'never'] as const
export type StoreMode = (typeof storeModes)[number]
