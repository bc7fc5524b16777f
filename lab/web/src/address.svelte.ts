// The address is the state: #PAGE&key=value… It is read once and rewritten at every change.
export interface Address { page: string; query: Record<string, string> }

// keys that belong to the page around the instrument, not to the instrument.
export const outer = ['lang', 'theme', 'digits', 'mode', 'lesson', 'hide', 'keys', 'learner'];

export function parse(hash: string): Address {
  const [page, ...pairs] = hash.replace(/^#/, '').split('&');
  const query: Record<string, string> = {};
  for (const p of pairs) {
    const cut = p.indexOf('=');
    if (cut > 0) query[decode(p.slice(0, cut))] = decode(p.slice(cut + 1));
  }
  return { page: decode(page), query };
}

function decode(s: string): string {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}

export function build(a: Address): string {
  const pairs = Object.entries(a.query).map(([k, v]) => `&${encodeURIComponent(k)}=${encodeURIComponent(v).replaceAll('%2C', ',')}`);
  return encodeURIComponent(a.page) + pairs.join('');
}

// inner is the address without what the engine does not read.
export function inner(a: Address): string {
  return build({ page: a.page, query: Object.fromEntries(Object.entries(a.query).filter(([k]) => !outer.includes(k))) });
}
