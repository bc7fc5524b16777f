// What the learner has done, in this browser alone. Where storage is forbidden or full it lasts as long as the page.
interface Kept { passed: Record<string, number[]>; seen: string[]; last: string }

const name = 'gradus-progress';
const empty = (): Kept => ({ passed: {}, seen: [], last: '' });

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Kept>;
    return { ...empty(), ...(typeof kept === 'object' && kept ? kept : {}) };
  } catch {
    return empty();
  }
}

export const progress = $state<Kept>(read());

function keep() {
  try {
    localStorage.setItem(name, JSON.stringify(progress));
  } catch {
    // full or forbidden: the page goes on without it
  }
}

export function pass(page: string, n: number) {
  const list = progress.passed[page] ?? [];
  if (!list.includes(n)) progress.passed[page] = [...list, n];
  keep();
}

export function visit(page: string) {
  progress.last = page;
  if (!progress.seen.includes(page)) progress.seen.push(page);
  keep();
}
