// A person's own table, asked of the program that served this page. The program computes; this side asks and listens.
export interface Both { ko: string; en: string }
export interface Grid { head: string[]; rows: string[][] }
export interface Question {
  lang: string; target: string; event: string; sheet: string; split: string; site: string; folds: number; inner: number; trials: number; draws: number;
  threshold: string; seed: number; roles: Record<string, string> | null; known: string[] | null;
}
export interface Fold { i: number; name: string; network: number; regression: number }
export interface Study {
  state: 'running' | 'done' | 'cancelled' | 'failed'; question: Question; done: number; total: number; error?: Both;
  folds: Fold[] | null;
  result?: { verdict: Both; headline: Record<string, Grid>; warnings: Record<string, string[]>; files: string[] };
}
export interface State { table: { name: string; bytes: number } | null; study: Study | null }
export interface Column {
  name: string; kind: string; kind_name: string; role: string; reason: string; missing: number; proposals: number; distinct: number; levels: { name: string; n: number }[];
}
export interface Table {
  name: string; bytes: number; encoding: string; sheet: string; sheets: string[] | null; records: number; rows: number; excluded: Record<string, number>; columns: Column[];
  roles: { value: string; name: string }[]; event: string; patient: string; time: string; site: string; warnings: string[] | null;
}

// The program puts its token into the page that it serves; a copy of the page as files has none.
export const token = document.querySelector<HTMLMetaElement>('meta[name="gradus-token"]')?.content ?? '';

// Larger files are not even sent.
export const most = 256 * 1024 * 1024;

// Refused carries the program's sentence in both languages; none means that it did not answer.
export class Refused extends Error {
  constructor(readonly words?: Both) {
    super(words?.en ?? 'no answer');
  }
}

async function ask(method: string, path: string, body?: BodyInit, header: Record<string, string> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { method, body, headers: { 'X-Gradus-Token': token, ...header } });
  } catch {
    throw new Refused();
  }
  if (answer.ok) return answer;
  throw new Refused(((await answer.json().catch(() => ({}))) as { error?: Both }).error);
}

export const state = async () => (await (await ask('GET', 'api/state')).json()) as State;
export const send = async (file: File) => (await (await ask('POST', 'api/table', file, { 'X-Gradus-Name': encodeURIComponent(file.name) })).json()) as State;
export const check = async (lang: string, target: string, sheet: string) => (await (await ask('POST', 'api/check', JSON.stringify({ lang, target, sheet }))).json()) as Table;
export const begin = async (q: Question) => (await (await ask('POST', 'api/study', JSON.stringify(q))).json()) as State;
export const cancel = async () => (await (await ask('DELETE', 'api/study')).json()) as State;
export const forget = async () => (await (await ask('DELETE', 'api/table')).json()) as State;
// A frame sends no header: it gets a path that is good for one look.
export const look = async (lang: string) => ((await (await ask('POST', `api/look?lang=${lang}`)).json()) as { path: string }).path;
// The network of a moment of the playground, as a model of the program's own.
export const playground = async (address: string) => (await ask('POST', 'api/playground', address)).blob();
export const file = async (path: string) => (await ask('GET', path)).blob();

// listen hears how a study goes until its result is called; a connection that is lost is taken up again.
export function listen(told: (s: State) => void, steps: (done: number, total: number) => void, lost: (yes: boolean) => void): () => void {
  let socket: WebSocket | undefined;
  let over = false;
  let timer = 0;
  const open = () => {
    const at = new URL('api/progress', location.href);
    at.protocol = 'ws:';
    at.hash = '';
    socket = new WebSocket(at, ['gradus', token]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => lost(false);
    socket.onmessage = (e: MessageEvent<string | ArrayBuffer>) => {
      if (typeof e.data === 'string') told(JSON.parse(e.data) as State);
      else {
        const n = new DataView(e.data);
        steps(n.getUint32(0, true), n.getUint32(4, true));
      }
    };
    socket.onclose = () => {
      if (over) return;
      lost(true);
      timer = window.setTimeout(open, 1000);
    };
  };
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
  };
}
