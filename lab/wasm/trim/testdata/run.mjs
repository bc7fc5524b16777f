// node run.mjs wasm_exec.js FIRST.wasm REST.wasm runs a program in two parts, and says when it asks for the second.
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

const [exec, first, rest] = process.argv.slice(2);
globalThis.fs = await import('node:fs');
runInThisContext(readFileSync(exec, 'utf8'));
const go = new Go();
let engine;
go.importObject.gradus = {
  load() {
    console.log('asked for the rest');
    new WebAssembly.Instance(new WebAssembly.Module(readFileSync(rest)), { gradus: engine.exports });
  },
};
engine = (await WebAssembly.instantiate(readFileSync(first), go.importObject)).instance;
await go.run(engine);
process.exit(0); // timers of the program are still set
