declare module 'pngjs' {
  /** A decoded picture: four bytes a pixel. */
  export interface Picture {
    readonly data: Uint8Array;
    readonly width: number;
    readonly height: number;
  }
  export const PNG: { readonly sync: { read(file: Uint8Array): Picture } };
}
