/** @koa/multer ships no types: this is multer's own shape, as far as it is used here. */
declare module '@koa/multer' {
  import type { IncomingMessage } from 'node:http';
  import type { Readable } from 'node:stream';
  import type { Middleware } from 'koa';

  export type MulterFile = {
    readonly fieldname: string;
    /** As the client gave it, header bytes read as Latin-1. */
    readonly originalname: string;
    readonly stream: Readable;
  };

  export type StorageEngine = {
    _handleFile(
      req: IncomingMessage,
      file: MulterFile,
      callback: (error: unknown, info?: object) => void,
    ): void;
    _removeFile(req: IncomingMessage, file: MulterFile, callback: (error: unknown) => void): void;
  };

  export type MulterOptions = {
    storage: StorageEngine;
    fileFilter: (
      req: IncomingMessage,
      file: MulterFile,
      callback: (error: unknown, accept?: boolean) => void,
    ) => void;
    limits: {
      fieldNameSize: number;
      fieldSize: number;
      fields: number;
      fieldNestingDepth: number;
      parts: number;
    };
    highWaterMark: number;
    fileHwm: number;
  };

  export default function multer(options: MulterOptions): {
    readonly any: () => Middleware;
  };
}
