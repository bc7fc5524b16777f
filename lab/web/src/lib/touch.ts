// What keys and typing do to a number that can be touched.

// keyed moves a number by the keys of by, or opens its field for a digit or Enter; any other key is left alone.
export function keyed(e: KeyboardEvent, by: Record<string, number>, move: (by: number) => void, open: (first: string) => void): void {
  if (e.key in by) move(by[e.key]);
  else if (e.key === 'Enter' || /^[0-9.−-]$/.test(e.key)) open(e.key === 'Enter' ? '' : e.key);
  else return;
  e.preventDefault();
  e.stopPropagation();
}

// typed puts the hand into a field: behind its first key, or on what stands there.
export function typed(box: HTMLInputElement | undefined, first: string): void {
  if (!box) return;
  if (first) box.value = first;
  box.focus();
  if (!first) box.select();
}
