// A curve for the ear: one note an epoch, the higher the cost the higher the note. Nothing sounds before a person asks for it.
let context: AudioContext | undefined;

// start must come from a press of a key or a button; false where the browser has no sound.
export function start(): boolean {
  try {
    context ??= new AudioContext();
    void context.resume();
    return true;
  } catch {
    return false;
  }
}

export function stop() {
  void context?.close();
  context = undefined;
}

// note sounds once, height from 0 to 1 over three octaves above 220 Hz.
export function note(height: number, seconds = 0.06, after = 0) {
  if (!context || !Number.isFinite(height)) return;
  const at = context.currentTime + after;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = 'sine';
  tone.frequency.value = 220 * 2 ** (3 * Math.min(1, Math.max(0, height)));
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.01);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds + 0.02);
}
