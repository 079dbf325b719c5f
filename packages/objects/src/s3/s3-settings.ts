export type S3Settings = {
  /** URL of the S3-compatible server, e.g. `http://127.0.0.1:9000`. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** `endpoint/bucket/object` instead of `bucket.endpoint/object`: what most self-hosted servers want. */
  readonly forcePathStyle?: boolean | undefined
}
