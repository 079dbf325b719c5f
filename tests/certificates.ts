import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Self-signed certificates, valid for a hundred years, with keys that protect nothing. */
export const certificates = {
  first: {
    cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUHuCAQI8ATzBAMz+e6RZE5yjLJA8wCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSZmlyc3QuZXhhbXBsZS50ZXN0MCAXDTI2MTEyOTA5MzM0MloY
DzIxMjYxMTA1MDkzMzQyWjAdMRswGQYDVQQDDBJmaXJzdC5leGFtcGxlLnRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR+rpjsh1gHi2e+DogDfn5l7XaPQgI2
9xP9JPSxpN9m9Nl5eO3KuSy3eEass2MQmYX+K3eimkAlrHZV9V+iNrUWo1MwUTAd
BgNVHQ4EFgQUjP405ngAKGK9aOLrU9YYQ+DNWDEwHwYDVR0jBBgwFoAUjP405ngA
KGK9aOLrU9YYQ+DNWDEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
AiBlz7Fgz1ZPCzhtwzt2SuEvFLajaFe7oWXSP7INHQ1pdQIhAK7ldU6N9KsCerw4
hSwyocbeISK/fLjhYVrg54lAjJFF
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOX2ljRRWkY4OmHSN
+Ld5Dmr51tra2dFEniUwvcieazahRANCAAR+rpjsh1gHi2e+DogDfn5l7XaPQgI2
9xP9JPSxpN9m9Nl5eO3KuSy3eEass2MQmYX+K3eimkAlrHZV9V+iNrUW
-----END PRIVATE KEY-----
`,
  },
  second: {
    cert: `-----BEGIN CERTIFICATE-----
MIIBkzCCATmgAwIBAgIUXRHoFmwPBm2kRiS3S+TqXZ5+zM8wCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTc2Vjb25kLmV4YW1wbGUudGVzdDAgFw0yNjExMjkwOTMzNDJa
GA8yMTI2MTEwNTA5MzM0MlowHjEcMBoGA1UEAwwTc2Vjb25kLmV4YW1wbGUudGVz
dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMlzCRuNOobF/K34GYaX0HEvlsI8
WMgw4V9uWKGf2iBks+cZ86q5/YAoiB+g679O+/XZu5kV7nZo845tOm0mVNWjUzBR
MB0GA1UdDgQWBBREw7bc7SeeJdM6/5/26TLwuyVdejAfBgNVHSMEGDAWgBREw7bc
7SeeJdM6/5/26TLwuyVdejAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
MEUCIDx0Sbp94ZGVt9saJ8uOYbYbgVdwgb3MLLxk1I9sqXjQAiEAoAsET0XSFWmT
eeAG3a2ANdNilkf4wZB2E4j8XRIshMM=
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7Ci9e1ApQojLTNAz
CD2xcE9d/53S72H3u5NmK/Z/XdChRANCAATJcwkbjTqGxfyt+BmGl9BxL5bCPFjI
MOFfblihn9ogZLPnGfOquf2AKIgfoOu/Tvv12buZFe52aPOObTptJlTV
-----END PRIVATE KEY-----
`,
  },
} as const

/** Writes one of the certificates and its key to a folder, and returns the settings that name them. */
export function writeCertificate(
  folder: string,
  { cert, key }: { readonly cert: string; readonly key: string },
): { readonly TLS_CERT_FILE: string; readonly TLS_KEY_FILE: string } {
  mkdirSync(folder, { recursive: true })
  const files = { TLS_CERT_FILE: join(folder, 'server.crt'), TLS_KEY_FILE: join(folder, 'server.key') }
  writeFileSync(files.TLS_KEY_FILE, key, { mode: 0o600 })
  writeFileSync(files.TLS_CERT_FILE, cert)
  return files
}
