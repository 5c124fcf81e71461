export type WorkerSource = { url: URL; execArgv: string[] };

/**
 * Where the worker's code is. `tsc` does not rewrite a file name inside `new URL`, so the extension of
 * this very file tells whether we run from the build or from source. From source the thread, a plain
 * Node one even under Jest, has to learn TypeScript first.
 */
export function workerSource(): WorkerSource {
  if (!import.meta.url.endsWith('.ts')) {
    return { url: new URL('./worker.js', import.meta.url), execArgv: [] };
  }
  const register = new URL('./register-typescript.mjs', import.meta.url);
  return {
    url: new URL('./worker.ts', import.meta.url),
    execArgv: ['--import', register.href, '--conditions', 'source'],
  };
}
