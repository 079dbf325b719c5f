declare module 'virtual:admin-routes' {
  /** Method, path, form of the answer, form of the body that is sent. */
  type Row = readonly [string, string, 'json' | 'bytes' | 'none', 'json' | 'bytes']
  const routes: Readonly<Record<string, Row>>
  export default routes
}
