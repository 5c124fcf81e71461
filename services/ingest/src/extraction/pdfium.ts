import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';

const FUNCTIONS = [
  'FPDF_LoadCustomDocument',
  'FPDF_GetLastError',
  'FPDF_GetPageCount',
  'FPDF_CloseDocument',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDFText_LoadPage',
  'FPDFText_ClosePage',
  'FPDFText_CountChars',
  'FPDFText_GetUnicode',
  'FPDFText_IsHyphen',
  'FPDFText_GetCharOrigin',
  'FPDFText_GetLooseCharBox',
  'FPDFText_GetMatrix',
  'FPDFText_GetFontSize',
] as const satisfies (keyof WrappedPdfiumModule)[];

type Functions = Pick<WrappedPdfiumModule, (typeof FUNCTIONS)[number]>;

/** Emscripten's views; each growth of the memory replaces them, so they are read anew every time. */
type Heap = {
  HEAPU8: Uint8Array;
  HEAPU32: Uint32Array;
  HEAPF32: Float32Array;
  HEAPF64: Float64Array;
};

type TableFunctions = {
  /** Makes a function callable from C; the signature in Emscripten's letters. Answers its pointer. */
  addFunction: (callback: (...values: number[]) => number, signature: string) => number;
  removeFunction: (pointer: number) => void;
};

/** PDFium's C API (fpdfview.h, fpdf_text.h), pointers and handles as numbers, 0 for none. */
export type Pdfium = Functions &
  TableFunctions & {
    heap: Readonly<Heap>;
    malloc(bytes: number): number;
    free(pointer: number): void;
  };

/** The document asked for more memory than it may have. */
export class PdfiumMemoryError extends Error {}
/** PDFium itself failed: a trap, an abort or an exhausted stack inside it. */
export class PdfiumCrashError extends Error {}

// The parts of the WebAssembly namespace used here: TypeScript has them in lib "dom" alone.
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
type Imports = { env: { emscripten_resize_heap: (bytes: number) => boolean } };
type Instance = { exports: { memory: Memory } };
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: Imports) => Instance;
  RuntimeError: typeof Error;
};

const PAGE_BYTES = 65_536;

/**
 * Instantiates PDFium with a ceiling. The memory's own `grow` is shadowed, because Emscripten asks for
 * up to a fifth more than it needs and, refused, tries with less; its resize hook throws when all
 * tries failed, because an allocator that returns null takes PDFium down unrecognisably.
 */
function instantiate(module: object, imports: Imports, memoryLimitBytes: number): Instance {
  const resize = imports.env.emscripten_resize_heap;
  const instance = new WebAssembly.Instance(module, {
    ...imports,
    env: {
      ...imports.env,
      emscripten_resize_heap: (bytes) => {
        if (resize(bytes)) return true;
        throw new PdfiumMemoryError(`PDFium asked for ${bytes} bytes of ${memoryLimitBytes}`);
      },
    },
  });
  const { memory } = instance.exports;
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * PAGE_BYTES > memoryLimitBytes) {
      throw new RangeError('The memory limit is reached');
    }
    return grow(pages);
  };
  return instance;
}

/**
 * Tells PDFium's failures from our own at the boundary, the only place where they differ: a
 * RangeError here is PDFium's stack, elsewhere it is our bug. After the first failure every call
 * throws it again, so that `finally` blocks do not enter a broken instance.
 */
function createGuard() {
  let broken: PdfiumMemoryError | PdfiumCrashError | undefined;
  return <Arguments extends unknown[], Result>(call: (...values: Arguments) => Result) =>
    (...values: Arguments): Result => {
      if (broken !== undefined) throw broken;
      try {
        return call(...values);
      } catch (cause) {
        if (cause instanceof PdfiumMemoryError) broken = cause;
        else if (cause instanceof WebAssembly.RuntimeError || cause instanceof RangeError) {
          broken = new PdfiumCrashError('PDFium crashed', { cause });
        }
        throw broken ?? cause;
      }
    };
}

type EmscriptenOptions = {
  print: () => void;
  printErr: () => void;
  instantiateWasm: (imports: Imports, receive: (instance: Instance) => void) => object;
};

/**
 * Starts an instance of PDFium from the installed package, without any network.
 *
 * @param memoryLimitBytes of its linear memory, which starts at about 18 MB and never shrinks.
 */
export async function loadPdfium(memoryLimitBytes: number): Promise<Pdfium> {
  const path = createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm');
  const module = await WebAssembly.compile(await readFile(path));
  const options: EmscriptenOptions = {
    // What it prints may quote the document, and belongs in no log.
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports, receive) => {
      const instance = instantiate(module, imports, memoryLimitBytes);
      receive(instance);
      return instance.exports;
    },
  };
  // The package's types lean on @types/emscripten, which it does not bring along.
  const wrapped = await (init as (options: EmscriptenOptions) => Promise<WrappedPdfiumModule>)(
    options,
  );
  const guard = createGuard();
  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => [name, guard(wrapped[name] as (...values: unknown[]) => unknown)]),
  ) as Functions;
  const { malloc, free } = wrapped.pdfium.wasmExports;
  const runtime = wrapped.pdfium as unknown as Heap & TableFunctions;
  wrapped.PDFiumExt_Init();
  return {
    ...functions,
    heap: runtime,
    malloc: guard(malloc),
    free: guard(free),
    addFunction: runtime.addFunction,
    removeFunction: runtime.removeFunction,
  };
}
