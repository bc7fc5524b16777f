// Memory after 36,000 frames: most of them asked of the engine as the step bar asks for them, the rest drawn too.
import { check, context, open, settled, test } from './ground.mjs';

// asks puts n questions to the engine in a row; it is the page's own worker, and no picture is drawn.
const asks = (page, n, of) =>
  page.evaluate(
    ([n, of]) =>
      new Promise((done) => {
        const room = window.engineRoom;
        let i = 0;
        const next = () => room.postMessage({ id: 1e9 + i, name: 'gradusView', args: [`${of[Math.floor((i * of.length) / n)]}&step=${i % 10}`] });
        const heard = (e) => {
          if (e.data.id < 1e9) return;
          if (++i < n) next();
          else {
            room.removeEventListener('message', heard);
            done();
          }
        };
        room.addEventListener('message', heard);
        next();
      }),
    [n, of],
  );

const drawn = (page, n) =>
  page.evaluate(async (n) => {
    const bar = document.querySelector('.stepbar input[type=range]');
    for (let i = 0; i < n; i++) {
      bar.value = String(i % (Number(bar.max) + 1));
      bar.dispatchEvent(new Event('input', { bubbles: true }));
      while (window.asked > 0) await new Promise((d) => setTimeout(d, 0));
    }
  }, n);

async function memory(page) {
  return page.evaluate(async () => {
    for (let i = 0; i < 3; i++) {
      window.gc?.();
      await new Promise((done) => setTimeout(done, 50));
    }
    const wasm = await new Promise((done) => {
      const heard = (e) => {
        if (e.data.id !== 999) return;
        window.engineRoom.removeEventListener('message', heard);
        done(Number(e.data.value));
      };
      window.engineRoom.addEventListener('message', heard);
      window.engineRoom.postMessage({ id: 999, name: 'gradusMemory', args: [] });
    });
    return { heap: performance.memory.usedJSHeapSize, wasm, nodes: document.getElementsByTagName('*').length };
  });
}

export async function frames() {
  await test('memory over 36,000 frames', async () => {
    const c = await context();
    const page = await open(c, '4-5-21');
    // A run of steps at each address in turn, most of them at light ones, so that the test ends in time.
    const addresses = [...Array(9).fill('4-4-2'), '4-4-8', '4-1-8', '4-5-21'];
    await asks(page, 600, addresses);
    await drawn(page, 200);
    await settled(page);
    const before = await memory(page);
    await asks(page, 35400, addresses);
    await drawn(page, 600);
    await page.evaluate(() => { const bar = document.querySelector('.stepbar input[type=range]'); bar.value = '4'; bar.dispatchEvent(new Event('input', { bubbles: true })); });
    await settled(page);
    const after = await memory(page);
    const mb = (n) => `${(n / 1048576).toFixed(1)} MB`;
    console.log(`      page ${mb(before.heap)} → ${mb(after.heap)}, engine ${mb(before.wasm)} → ${mb(after.wasm)}`);
    check('36,000 frames', after.heap - before.heap < 4 << 20, 'a page within 4 MB of where it was', `${mb(before.heap)} → ${mb(after.heap)}`);
    check('36,000 frames', after.wasm - before.wasm <= 8 << 20, 'an engine within 8 MB of where it was', `${mb(before.wasm)} → ${mb(after.wasm)}`);
    await c.close();
  });
}
