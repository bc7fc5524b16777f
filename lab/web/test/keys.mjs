// Keys without a chord: by their place on the keyboard, so that the Hangul input method does not take them; at rest in fields; off at will.
import { check, context, open, settled, test, written } from './ground.mjs';

// hangul presses a key as a browser reports it while the Hangul input method is on: the place stays, the letter is another.
async function hangul(page, code, key) {
  const c = await page.context().newCDPSession(page);
  for (const type of ['rawKeyDown', 'keyUp']) await c.send('Input.dispatchKeyEvent', { type, code, key, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 });
  await c.detach();
  await settled(page);
}

const lang = (page) => page.getAttribute('html', 'lang');
const seed = (page) => page.getAttribute('[data-page]', 'data-seed');

async function letters(c) {
  for (const key of ['letter', 'Process']) {
    const named = (k) => (key === 'letter' ? k : 'Process');
    const page = await open(c, '4-5-5&lang=ko&step=0');
    await hangul(page, 'KeyL', named('ㅣ'));
    check(`L under Hangul (${key})`, (await lang(page)) === 'en', 'the other language', await lang(page));
    const before = await seed(page);
    await hangul(page, 'KeyN', named('ㅜ'));
    check(`N under Hangul (${key})`, (await seed(page)) !== before, 'another seed', await seed(page));
    await hangul(page, 'Period', named('.'));
    check(`full stop under Hangul (${key})`, (await written(page)).includes('step=1'), 'step 1', page.url());
    await hangul(page, 'Comma', named(','));
    check(`comma under Hangul (${key})`, !(await written(page)).includes('step=1'), 'step 0', page.url());
    await hangul(page, 'KeyH', named('ㅗ'));
    check(`H under Hangul (${key})`, (await page.locator('[data-exercise] [role=status]').first().innerText()).length > 5, 'a hint', '');
    for (const n of [1, 2]) await page.locator(`[data-answer="${n}"]`).first().fill('7');
    await page.evaluate(() => document.activeElement.blur());
    await hangul(page, 'KeyC', named('ㅊ'));
    check(`C under Hangul (${key})`, (await page.locator('[data-exercise]').first().getAttribute('data-check')) === 'hint', 'the verdict', '');
    await page.keyboard.press('.');
    await hangul(page, 'KeyR', named('ㄱ'));
    check(`R under Hangul (${key})`, !(await written(page)).includes('step=1'), 'the beginning', page.url());
    await hangul(page, 'KeyP', named('ㅔ'));
    check(`P under Hangul (${key})`, page.url().includes('sheet'), 'the sheet', page.url());
    await page.close();
  }
}

async function rest(c) {
  const page = await open(c, '4-5-5&lang=ko');
  await page.locator('[data-answer="1"]').first().focus();
  const before = await page.evaluate(() => location.hash);
  await page.keyboard.type('l n r p . , b c h');
  await settled(page);
  check('keys in a field', (await lang(page)) === 'ko' && (await written(page)) === before.slice(1), 'no effect', page.url());
  check('keys in a field', (await page.locator('[data-answer="1"]').first().inputValue()) === 'l n r p . , b c h', 'what was typed');
  await page.locator('[name=page]').focus();
  await page.keyboard.type('4-1-8');
  await page.keyboard.press('Enter');
  await settled(page);
  check('the box of page numbers', (await page.getAttribute('[data-page]', 'data-page')) === '4-1-8', '4-1-8', page.url());
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.type('4-4-8');
  await page.keyboard.press('Enter');
  await settled(page);
  check('a page number typed anywhere', (await page.getAttribute('[data-page]', 'data-page')) === '4-4-8', '4-4-8', page.url());
  await page.close();
}

// off: the switch stands in the list of keys, which the question mark opens.
async function off(c) {
  const page = await open(c, '4-1-8&lang=ko');
  await page.keyboard.press('Shift+Slash');
  const box = page.locator('dialog[open]');
  check('?', (await box.count()) === 1 && (await box.innerText()).length > 60, 'the list of keys', await box.count());
  await box.locator('input[type=checkbox]').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  check('Escape', (await page.locator('dialog[open]').count()) === 0, 'the list to close');
  await page.keyboard.press('KeyL');
  await settled(page);
  check('keys off', (await lang(page)) === 'ko', 'no effect', await lang(page));
  await page.locator('[data-action=keys]').focus();
  await page.keyboard.press('Enter');
  await box.locator('input[type=checkbox]').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.keyboard.press('KeyL');
  await settled(page);
  check('keys on again', (await lang(page)) === 'en', 'the other language', await lang(page));
  await page.close();
}

export async function keys() {
  const c = await context();
  await test('keys under the Hangul input method', () => letters(c));
  await test('keys rest in fields', () => rest(c));
  await test('keys switched off', () => off(c));
  await c.close();
}
