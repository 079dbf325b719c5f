export declare function compile(name: 'scan' | 'frame'): Promise<Uint8Array>
