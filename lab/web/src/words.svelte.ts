// Sentences in Korean and English, from the one catalogue that the engine names keys of.
import ui from '../../../internal/say/catalogue/labui.json';
import type { Words } from './types';

export type Lang = 'ko' | 'en';
type Area = Record<string, { ko: string; en: string }>;

const files = import.meta.glob<Area>(
  [
    '../../../internal/say/catalogue/lab*.json',
    '../../../internal/say/catalogue/{deck,trace,optimizer,perceptron,cost,activation,network,train,metrics,experiment}.json',
  ],
  { eager: true, import: 'default' },
);
const areas = new Map<string, Area>();
for (const [path, area] of Object.entries(files)) areas.set(path.slice(path.lastIndexOf('/') + 1, -5), area);

export const tongue = $state<{ lang: Lang; both: boolean }>({ lang: 'ko', both: false });

// fill puts name, value pairs into a sentence.
export function fill(s: string, args: string[] | undefined): string {
  if (!args) return s;
  for (let i = 0; i + 1 < args.length; i += 2) s = s.replaceAll(`{${args[i]}}`, args[i + 1]);
  return s;
}

// sentence is a key of the catalogue in a language; a key that is missing shows itself.
export function sentence(key: string, args?: string[], lang: Lang = tongue.lang): string {
  const dot = key.indexOf('.');
  const entry = areas.get(key.slice(0, dot))?.[key.slice(dot + 1)];
  return entry ? fill(entry[lang], args) : `[${key}]`;
}

export function has(key: string): boolean {
  const dot = key.indexOf('.');
  return areas.get(key.slice(0, dot))?.[key.slice(dot + 1)] !== undefined;
}

export function say(w: Words | undefined, lang: Lang = tongue.lang): string {
  if (!w) return '';
  return w.key ? sentence(w.key, w.args, lang) : (w.text ?? '');
}

// t is a word of the page itself; a key that does not exist does not compile.
export function t(key: keyof typeof ui, args: Record<string, string | number> = {}): string {
  return fill(ui[key][tongue.lang], Object.entries(args).flatMap(([k, v]) => [k, String(v)]));
}
