// The engine's room: Go as WebAssembly, in a worker so that the page never waits. It comes in two files that are one program:
// engine.wasm, with which the first pages work, and rest.wasm, which is fetched as soon as they do, or at once for an address that
// needs it.
/// <reference lib="webworker" />
declare const Go: new () => { importObject: WebAssembly.Imports; run(i: WebAssembly.Instance): Promise<void> };
type Call = { id: number; name: string; args: unknown[] };

type Answer = string | { value: string; planes: Uint8Array<ArrayBuffer> };

const scope = self as unknown as DedicatedWorkerGlobalScope & Record<string, (...args: unknown[]) => Answer>;

// The addresses whose pages need nothing of the rest.
const first = /^#?($|&|F|4-1-)/;

let base = '';
let engine: WebAssembly.Instance | undefined;
let begun: Promise<void> | undefined;
let rest: Promise<WebAssembly.Module> | undefined;
let joined = false;
// The engine's files that a copy on a disk brought along as text, gzip in base64: there is nothing to fetch from.
let brought: Record<string, string> | undefined;

async function compiled(name: string): Promise<WebAssembly.Module> {
  if (brought) {
    const bytes = Uint8Array.from(atob(brought[name]), (c) => c.charCodeAt(0));
    return WebAssembly.compile(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
  }
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return WebAssembly.compileStreaming(response.clone()).catch(async () => WebAssembly.compile(await response.arrayBuffer()));
}

function join(part: WebAssembly.Module): void {
  if (joined) return;
  joined = true;
  new WebAssembly.Instance(part, { gradus: engine!.exports });
}

// load is what the engine calls where it needs the rest and nobody has seen that coming.
function load(): void {
  const request = new XMLHttpRequest();
  request.open('GET', new URL('rest.wasm', base), false);
  request.responseType = 'arraybuffer';
  request.send();
  join(new WebAssembly.Module(request.response as ArrayBuffer));
}

// whole is fulfilled when the rest is there; after a failure the next call tries again.
async function whole(): Promise<void> {
  rest ??= compiled('rest.wasm');
  try {
    join(await rest);
  } catch (cause) {
    rest = undefined;
    throw cause;
  }
}

async function start(address: string): Promise<void> {
  if (!first.test(address)) {
    rest = compiled('rest.wasm');
    rest.catch(() => {}); // whole says it
  }
  if (!brought) await import(/* @vite-ignore */ new URL('wasm_exec.js', base).href);
  const go = new Go();
  go.importObject.gradus = { load };
  const ready = new Promise<void>((resolve) => ((scope as Record<string, unknown>).gradusReady = () => resolve()));
  engine = await WebAssembly.instantiate(await compiled('engine.wasm'), go.importObject);
  scope.gradusMemory = () => String((engine!.exports.mem as WebAssembly.Memory).buffer.byteLength);
  void go.run(engine);
  await ready;
}

scope.onmessage = async (e: MessageEvent<Call>) => {
  const { id, name, args } = e.data;
  try {
    if (name === 'start') {
      base = args[0] as string;
      brought = args[2] as typeof brought;
      begun = start(args[1] as string);
      await begun;
      scope.postMessage({ id, value: '{}' });
      whole().catch(() => {}); // the call that needs it says so
      return;
    }
    await begun;
    if (!joined && typeof args[0] === 'string' && name !== 'gradusLearner' && !first.test(args[0])) await whole();
    const answer = scope[name](...args);
    // The values of pictures change hands as they lie in memory.
    if (typeof answer === 'string') scope.postMessage({ id, value: answer });
    else scope.postMessage({ id, value: answer.value, planes: answer.planes.buffer }, [answer.planes.buffer]);
  } catch (cause) {
    scope.postMessage({ id, wrong: String(cause) });
  }
};
