// Files that a person saves or opens; they go nowhere else.
export const save = (name: string, content: string, type = 'application/json') => blob(name, new Blob([content], { type }));

export function blob(name: string, content: Blob) {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(content);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

// Files larger than this are no lesson and no progress.
const most = 2_000_000;

export async function json(file: File): Promise<unknown> {
  if (file.size > most) return undefined;
  try {
    return JSON.parse(await file.text());
  } catch {
    return undefined;
  }
}
