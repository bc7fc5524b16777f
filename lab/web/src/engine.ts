// The engine behind a promise for each question. No number is computed on this side.
import { same, unpack } from './apart';
import type { Row, Verdict, View, Words } from './types';

type Waiting = { resolve: (value: never) => void; reject: (cause: Error) => void; raw: boolean };

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let last = 0;

function call<T>(name: string, ...args: unknown[]): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve: resolve as (value: never) => void, reject, raw: name === 'gradusFile' });
    worker!.postMessage({ id, name, args });
  });
}

// start fetches the engine, or takes the one that a copy on a disk brought along, to which a browser lends no fetch; it fails where the browser has no WebAssembly or forbids it.
export async function start(): Promise<void> {
  if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') throw new Error('wasm');
  const { gradusBrought: brought } = globalThis as { gradusBrought?: { worker: string; parts: Record<string, string> } };
  worker = brought ? new Worker(URL.createObjectURL(new Blob([brought.worker], { type: 'text/javascript' }))) : new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = (e: MessageEvent<{ id: number; value?: string; planes?: ArrayBuffer; wrong?: string }>) => {
    const w = waiting.get(e.data.id);
    waiting.delete(e.data.id);
    if (e.data.wrong !== undefined) w?.reject(new Error(e.data.wrong));
    else w?.resolve((w.raw ? e.data.value! : unpack(JSON.parse(e.data.value!), e.data.planes)) as never);
  };
  worker.onerror = (e) => {
    for (const w of waiting.values()) w.reject(new Error(e.message));
    waiting.clear();
  };
  await call('start', document.baseURI, location.hash, brought?.parts);
}

export const contents = () => call<Row[]>('gradusContents');
export const check = (address: string, n: number, answers: string[]) => call<Verdict>('gradusCheck', address, n, answers);
export const hint = (address: string, n: number, k: number) => call<Words>('gradusHint', address, n, k);
export const key = (address: string) => call<{ answers?: string[] }[]>('gradusKey', address);
export const learner = (name: string) => call<number>('gradusLearner', name);
export const speed = () => call<number>('gradusSpeed');
export const drag = (address: string, handle: string, x: number, y: number) => call<string>('gradusDrag', address, handle, x, y);
export const file = (address: string, name: string) => call<string>('gradusFile', address, name);

let pending: { address: string; resolve: (v: View | undefined) => void; reject: (e: Error) => void } | undefined;
let busy = false;

// view asks for an address; of several asked while the engine works only the newest is answered, the others are undefined.
export function view(address: string): Promise<View | undefined> {
  return new Promise((resolve, reject) => {
    pending?.resolve(undefined);
    pending = { address, resolve, reject };
    void pump();
  });
}

async function pump(): Promise<void> {
  if (busy || !pending) return;
  busy = true;
  const p = pending;
  pending = undefined;
  try {
    const early = next?.address === p.address ? next.view : undefined;
    next = undefined;
    shown = same(shown, await (early ?? call<View>('gradusView', p.address))) as View;
    p.resolve(shown);
  } catch (e) {
    p.reject(e as Error);
  }
  busy = false;
  void pump();
}

let shown: View | undefined;
let next: { address: string; view: Promise<View> } | undefined;

// ahead lets the engine work on the address that will be asked for next, while this side draws the one before.
export function ahead(address: string) {
  if (busy || next?.address === address) return;
  next = { address, view: call<View>('gradusView', address) };
  next.view.catch(() => undefined); // it is told to whoever asks
}
