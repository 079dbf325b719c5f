/** Compiled from wasm/match.ts by `npm run build:wasm`. */
const BASE64 = [
  'AGFzbQEAAAABCwFgBn9/f39/fwF/Ag8BA2VudgZtZW1vcnkCAAADAgEABxQCB21hdGNoZXMAAAZtZW1vcnkCAAqRAQGOAQIEfwJ+',
  'A0AgASAISgRAIAAgCEEEdGoiBykDACEKIAcpAwghC0EAIQcDQCADIAdKBEAgBCAKIAIgB0EEdGoiCSkDAIV7IAsgCSkDCIV7fKci',
  'CU4EQCAFIAZBAnRqIAhBEHQgB0EIdHIgCXI2AgAgBkEBaiEGCyAHQQFqIQcMAQsLIAhBAWohCAwBCwsgBgs=',
]

export const MATCH_MODULE: Uint8Array = Uint8Array.from(atob(BASE64.join('')), (byte) => byte.charCodeAt(0))
