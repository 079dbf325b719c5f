/** From and to, both included. */
export type NumberRange = { readonly from: number; readonly to: number }
