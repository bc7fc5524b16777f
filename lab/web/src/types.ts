// What the engine says, as lab/scene and lab/page write it.
export interface Words { key?: string; args?: string[]; text?: string }
export type Tone = '' | 'pos' | 'neg' | 'forward' | 'backward' | 'faint' | 'pass' | 'warn' | 'fail';
export interface Num {
  symbol?: string; of?: string; label?: Words; value: number | null; plus?: boolean; places?: number; percent?: boolean; unit?: Words; tone?: Tone;
  printed?: string; slip?: boolean; edit?: string;
}
export interface Option { value: string; label: Words }
export interface Setting {
  key: string; label: Words; kind: 'real' | 'whole' | 'choice' | 'toggle' | 'list' | 'sizes' | 'free' | 'typed'; default: string; low: number; high: number; step?: number;
  log?: boolean; count?: number; options?: Option[]; place?: '' | 'bar' | 'figure' | 'more' | 'list' | 'margin'; when?: string[]; measured?: boolean; value: string;
}
export interface Mark { step: number; label: Words; minor?: boolean }
export interface Part { text?: Words; number?: Num }
export interface Point { x: number; y: number; mark?: string; tone?: Tone; hollow?: boolean; small?: boolean; label?: Words; style?: string }
export interface Series {
  label?: Words; x: number[]; y: (number | null)[]; kind?: '' | 'steps' | 'bars' | 'sticks' | 'area' | 'dots'; tone?: Tone; dash?: string;
  marker?: string; style?: string; heavy?: boolean; future?: number;
}
export interface Stage { label: Words; numbers?: Num[]; curve?: Series; at?: Point; twin?: Words; lit?: boolean }
export interface Lattice { cols: number; rows: number; values: ArrayLike<number>; full: number; low?: number; high?: number; apart?: number }
export interface Cases { x: ArrayLike<number>; y: ArrayLike<number>; class: ArrayLike<number>; count: number; hollow: number; apart?: number }
export interface TakeFile { name: string; title: Words; way?: 'program' | 'svg' | 'png' }
export interface Axis { label: Words; low: number; high: number; log?: boolean; ticks?: { at: number; label: Words }[] }
export interface Reference {
  vertical?: boolean; at?: number; ends?: [number, number][]; label?: Words; tone?: Tone; solid?: boolean; heavy?: boolean;
}
export interface Arrow { from_x: number; from_y: number; x: number; y: number; tone?: Tone; label?: Words }
export interface Handle {
  name?: string; x: number; y: number; key_x?: string; key_y?: string; label: Words; mark?: string; step_x?: number; step_y?: number; counts?: string;
}
export interface Contour { level: number; label?: Words; x: (number | null)[]; y: (number | null)[] }
export interface Plot {
  x: Axis; y: Axis; equal?: boolean; height?: number; lattice?: Lattice; cases?: Cases; contours?: Contour[]; series?: Series[]; points?: Point[];
  lines?: Reference[]; arrows?: Arrow[]; handles?: Handle[]; on_steps?: boolean; looks?: boolean;
}
export interface Node {
  id: string; name?: Words; aka?: Words; round?: boolean; numbers?: Num[]; aside?: Num[]; lit?: '' | 'lit' | 'now'; tone?: Tone; key?: number; dead?: boolean; map?: Lattice;
}
export interface Edge { from: string; to: string; number: Num; tone?: Tone; path?: number; second?: boolean; under?: Num }
export interface Net { columns: Node[][]; edges: Edge[]; names?: Words[]; functions?: Words[]; callout?: { node: string; number: Num }; small?: boolean }
export interface Entry {
  page?: string; formula: string; short?: string; numbers?: string; exact: Num; verdict?: '' | 'agrees' | 'slip'; note?: Words; gap?: number; sign?: boolean; finite?: Num;
  back?: boolean; term?: number; operands?: string[]; parts?: Num[];
}
export interface Ledger { rows: Entry[]; now: number; deck?: boolean }
export interface Bar { number: Num; bound?: number; note?: Words; hatch?: boolean; hollow?: boolean }
export interface Bars { rows: Bar[]; log?: boolean; low?: number; running?: boolean; limits?: Bar[]; tall?: boolean }
export interface Cell { words?: Words; number?: Num; mark?: string; style?: string; tone?: Tone }
export interface Table { head: Words[]; rows: Cell[][]; now?: number; big?: boolean }
export interface Matrix { label?: Words; sign?: string; rows?: Num[][] }
export interface Crowd { number: Num; mark: string }
export interface Lane { number: Num; columns: number[] }
export interface Standing { axis: Axis; first: number; wide: number; rows: number; above: Lane; below: Lane; needle: Handle; cut: Num; quiet: Num; alarm: Num }
export interface RulerOf { low: number; high: number; parts?: Num[]; reader: Num; printed?: Num; deck?: boolean }
export interface Figure {
  title?: Words; note?: Words; width?: '' | 'half' | 'third' | 'two-thirds' | 'main' | 'rail' | 'foot'; equation?: { parts: Part[]; hero?: boolean };
  people?: { groups: Crowd[]; across?: number }; standing?: Standing; ruler?: RulerOf; areas?: { items: { side: Num; size: Num }[]; full: number }; deal?: { hands: number[]; now: number; done: number };
  flow?: { stages: Stage[]; cell?: { rate: Num } }; tiles?: Tiles; nested?: Nested; eras?: Eras; net?: Net; ledger?: Ledger; plot?: Plot; bars?: Bars; table?: Table; matrices?: { items: Matrix[] };
  chart?: { svg: string; table?: Table }; files?: { items: TakeFile[] };
}
export interface Tile { number: Num; count: Num; region?: [number, number][]; points?: [number, number][]; ring?: [number, number]; set?: Record<string, string> }
export interface Tiles { x: Words; y: Words; low: number; high: number; list: Tile[] }
export interface Nested { names: Words[]; notes: Words[]; in: number }
export interface Eras { low: number; high: number; list: { year: number; label: Words; lit?: boolean; heavy?: boolean }[] }
export interface Scene { figures: Figure[]; readings?: Num[]; summary: Words; held?: Record<string, string> }
export interface AskField { label?: Words; unit?: Words; options?: Words[]; order?: boolean; within?: number }
export interface Ask { words: Words; fields?: AskField[]; goal?: { now: Num; target: Words; done: boolean } }
export interface Verdict { pass: boolean; say: Words; wrong?: number[]; empty?: boolean; common?: boolean }
export interface View {
  page: string; query: string; words: string; formula?: string; slip?: boolean; vignette?: boolean; seed: number; controls: Setting[];
  steps: number; step: number; unit?: Words; marks?: Mark[]; scene?: Scene; exercises?: Ask[]; ignored?: Words[]; wrong?: Words;
}
export interface Row { id: string; chapter: string; words: string; slip?: boolean }
