// The engine's room: Go as WebAssembly, in a worker so that the page never waits.
/// <reference lib="webworker" />
declare const Go: new () => { importObject: WebAssembly.Imports; run(i: WebAssembly.Instance): Promise<void> };
type Call = { id: number; name: string; args: unknown[] };

type Answer = string | { value: string; planes: Uint8Array<ArrayBuffer> };

const scope = self as unknown as DedicatedWorkerGlobalScope & Record<string, (...args: unknown[]) => Answer>;

async function start(base: string): Promise<void> {
  await import(/* @vite-ignore */ new URL('wasm_exec.js', base).href);
  const go = new Go();
  const ready = new Promise<void>((resolve) => ((scope as Record<string, unknown>).gradusReady = () => resolve()));
  const response = await fetch(new URL('engine.wasm', base));
  const made = await WebAssembly.instantiateStreaming(response.clone(), go.importObject).catch(async () =>
    WebAssembly.instantiate(await response.arrayBuffer(), go.importObject),
  );
  scope.gradusMemory = () => String((made.instance.exports.mem as WebAssembly.Memory).buffer.byteLength);
  void go.run(made.instance);
  await ready;
}

let begun: Promise<void> | undefined;

scope.onmessage = async (e: MessageEvent<Call>) => {
  const { id, name, args } = e.data;
  try {
    if (name === 'start') {
      begun = start(args[0] as string);
      await begun;
      scope.postMessage({ id, value: '{}' });
      return;
    }
    await begun;
    const answer = scope[name](...args);
    // The values of pictures change hands as they lie in memory.
    if (typeof answer === 'string') scope.postMessage({ id, value: answer });
    else scope.postMessage({ id, value: answer.value, planes: answer.planes.buffer }, [answer.planes.buffer]);
  } catch (cause) {
    scope.postMessage({ id, wrong: String(cause) });
  }
};
