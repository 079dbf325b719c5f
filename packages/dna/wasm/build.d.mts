export declare function compileScan(): Promise<Uint8Array>
