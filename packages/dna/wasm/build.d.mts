export declare function compile(name: 'scan' | 'frame' | 'match'): Promise<Uint8Array>
