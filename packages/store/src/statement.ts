/** SQL with its values, $1 and so on. */
export type Statement = { readonly text: string; readonly values: readonly unknown[] }
