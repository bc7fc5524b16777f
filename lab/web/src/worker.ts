// The engine's room: Go as WebAssembly, in a worker so that the page never waits.
/// <reference lib="webworker" />
declare const Go: new () => { importObject: WebAssembly.Imports; run(i: WebAssembly.Instance): Promise<void> };
type Call = { id: number; name: string; args: unknown[] };

const scope = self as unknown as DedicatedWorkerGlobalScope & Record<string, (...args: unknown[]) => string>;

// fetched is the engine beside the page.
async function fetched(base: string): Promise<Response> {
  await import(/* @vite-ignore */ new URL('wasm_exec.js', base).href);
  return fetch(new URL('engine.wasm', base));
}

// brought is the engine that came as text: gzip in base64.
function brought(text: string): Response {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), { headers: { 'Content-Type': 'application/wasm' } });
}

async function start(base: string, engine?: string): Promise<void> {
  const response = engine ? brought(engine) : await fetched(base);
  const go = new Go();
  const ready = new Promise<void>((resolve) => ((scope as Record<string, unknown>).gradusReady = () => resolve()));
  const made = await WebAssembly.instantiateStreaming(response.clone(), go.importObject).catch(async () =>
    WebAssembly.instantiate(await response.arrayBuffer(), go.importObject),
  );
  void go.run(made.instance);
  await ready;
}

let begun: Promise<void> | undefined;

scope.onmessage = async (e: MessageEvent<Call>) => {
  const { id, name, args } = e.data;
  try {
    if (name === 'start') {
      begun = start(args[0] as string, args[1] as string | undefined);
      await begun;
      scope.postMessage({ id, value: '{}' });
      return;
    }
    await begun;
    scope.postMessage({ id, value: scope[name](...args) });
  } catch (cause) {
    scope.postMessage({ id, wrong: String(cause) });
  }
};
