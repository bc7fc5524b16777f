// A person's own table, asked of the program that served this page. The program computes; this side asks and listens.
export interface Both { ko: string; en: string }
export interface Grid { head: string[]; rows: string[][] }
export interface Question {
  lang: string; target: string; event: string; sheet: string; split: string; site: string; folds: number; inner: number; trials: number; draws: number;
  threshold: string; seed: number; roles: Record<string, string> | null; known: string[] | null;
  readings: Record<string, Record<string, string>> | null; survival: { time: string; start: string; end: string; horizons: number[] | null } | null;
}
export interface Fold { i: number; name: string; network: number; regression: number }
export interface Study {
  state: 'running' | 'done' | 'cancelled' | 'failed'; question: Question; done: number; total: number; error?: Both;
  folds: Fold[] | null;
  result?: { verdict: Both; headline: Record<string, Grid>; warnings: Record<string, string[]>; files: string[]; opened: number };
}
export interface State { table: { name: string; bytes: number } | null; study: Study | null }
// Proposal is an odd value and what it is read as unless a person says otherwise; '' is as it stands.
export interface Proposal { value: string; as: string; count: number; why: string; choices: { value: string; name: string }[] }
export interface Column {
  name: string; kind: string; kind_name: string; role: string; reason: string; missing: number; proposals: Proposal[]; distinct: number; levels: { name: string; n: number }[];
}
export interface Table {
  name: string; bytes: number; encoding: string; sheet: string; sheets: string[] | null; records: number; rows: number; excluded: Record<string, number>; columns: Column[];
  roles: { value: string; name: string }[]; event: string; patient: string; time: string; site: string; warnings: string[] | null;
}

// Epoch is what one epoch cost in a training of a fold; fold −1 trains on all rows.
export interface Epoch { fold: number; training: number; at: number; fit: number; held: number }

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
export function listen(told: (s: State) => void, steps: (done: number, total: number, epochs: Epoch[]) => void, lost: (yes: boolean) => void): () => void {
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
        const epochs: Epoch[] = [];
        for (let i = 8; i + 20 <= n.byteLength; i += 20)
          epochs.push({ fold: n.getInt32(i, true), training: n.getUint32(i + 4, true), at: n.getUint32(i + 8, true), fit: n.getFloat32(i + 12, true), held: n.getFloat32(i + 16, true) });
        steps(n.getUint32(0, true), n.getUint32(4, true), epochs);
      }
    };
    socket.onclose = () => {
      if (over) return;
      lost(true);
      timer = window.setTimeout(open, 1000);
    };
  };
  open();
  // A tab that slept, or a computer that did, does not wait for its timers.
  const wake = () => {
    if (document.visibilityState !== 'visible' || !socket || socket.readyState < WebSocket.CLOSING) return;
    clearTimeout(timer);
    open();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('online', wake);
    clearTimeout(timer);
    socket?.close();
  };
}
