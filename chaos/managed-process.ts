import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delay } from '@berkas/service-kit';

/** A program that is killed and started again, on one port and with one log through all its lives. */
export interface ManagedProcess {
  readonly name: string;
  readonly url: string;
  /** Starts it and waits until it is alive, at most a minute and a half. */
  start(): Promise<void>;
  /** Until `/readyz` says that all is well. Rejects with the end of the log where it ends. */
  ready(): Promise<void>;
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  send(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends that nobody asked for, and orderly ones that were not orderly. */
  readonly complaints: readonly string[];
}

/** Nothing is left running when this process ends, whatever the reason. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const ALIVE_WITHIN_MS = 90_000;
const READY_WITHIN_MS = 120_000;
const RESTART_AFTER_MS = 1_000;
/** Far above the deadline of a stop; a paused process is ended by this alone. */
const ENDS_WITHIN_MS = 60_000;

export function createManagedProcess(options: {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  readonly logPath: string;
}): ManagedProcess {
  const { name, parameters, port, logPath } = options;
  const url = `http://127.0.0.1:${port}`;
  const complaints: string[] = [];
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  const state = {
    /** Somebody asked for its end. */
    isAsked: false,
    /** It has got so far that it can end in an orderly way. */
    isAlive: false,
    lastSignal: undefined as NodeJS.Signals | undefined,
  };

  const wasAsked = (): boolean => state.isAsked;

  const launch = (): void => {
    const log = openSync(logPath, 'a');
    const started = spawn(process.execPath, parameters, {
      env: { PATH: process.env['PATH'], ...options.environment, PORT: String(port) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(started);
    state.isAsked = false;
    state.isAlive = false;
    child = started;
    ended = once(started, 'close').then(async ([status, signal]) => {
      running.delete(started);
      child = undefined;
      if (wasAsked()) return;
      complaints.push(`${name} ended by itself with ${String(status ?? signal)}`);
      await delay(RESTART_AFTER_MS);
      // As whatever runs it would start it again; unless it was told to end in between.
      if (!wasAsked()) launch();
    });
  };

  const answers = async (path: string): Promise<boolean> => {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    return response?.ok ?? false;
  };
  const until = async (path: string, withinMs: number): Promise<boolean> => {
    const endsAt = Date.now() + withinMs;
    while (Date.now() < endsAt) {
      if (await answers(path)) return true;
      await delay(100);
    }
    return false;
  };

  return {
    name,
    url,
    complaints,
    start: async () => {
      if (child === undefined) launch();
      state.isAlive = await until('/healthz', ALIVE_WITHIN_MS);
    },
    ready: async () => {
      if (await until('/readyz', READY_WITHIN_MS)) return;
      const log = await readFile(logPath, 'utf8');
      throw new Error(`${name} is not ready. The end of its log:\n${log.slice(-2_000)}`);
    },
    end: async (signal) => {
      state.isAsked = true;
      state.lastSignal = signal;
      const ending = child;
      const { isAlive } = state;
      const slow = setTimeout(() => {
        complaints.push(`${name} did not end within ${ENDS_WITHIN_MS} ms`);
        ending?.kill('SIGKILL');
      }, ENDS_WITHIN_MS);
      ending?.kill(signal);
      await ended;
      clearTimeout(slow);
      // Another fault may have killed it while it stopped.
      const isOrderly = state.lastSignal === 'SIGTERM' && isAlive;
      if (ending === undefined || !isOrderly || ending.exitCode === 0) return;
      const status = String(ending.exitCode ?? ending.signalCode);
      complaints.push(`${name} ended with ${status} when asked to`);
    },
    send: (signal) => {
      child?.kill(signal);
    },
  };
}

/**
 * Below those that the system gives to outgoing connections, which would take one between lives, and
 * elsewhere than another runner begins.
 */
let nextPort = 23_000 + ((process.pid * 41) % 9_000);

/** A port that nobody has, and that nobody gets by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    nextPort += 1;
    const server = createServer();
    try {
      await once(server.listen(nextPort, '127.0.0.1'), 'listening');
      server.close();
      await once(server, 'close');
      return nextPort;
    } catch {
      // Taken: the next one.
    }
  }
}
