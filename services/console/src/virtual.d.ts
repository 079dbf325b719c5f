declare module 'virtual:admin-routes' {
  /** Method, path, form of the answer, form of the body that is sent, the lowest role that may call it. */
  type Row = readonly [string, string, 'json' | 'bytes' | 'none', 'json' | 'bytes', string]
  const routes: Readonly<Record<string, Row>>
  export default routes
}
