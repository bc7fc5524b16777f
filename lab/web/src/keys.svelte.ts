// Whether single letters work as keys, which a person who speaks to the computer or types by touch may not want. Where storage is
// forbidden or full the choice lasts as long as the page.
const name = 'gradus-keys';

function read(): boolean {
  try {
    return localStorage.getItem(name) !== 'off';
  } catch {
    return true;
  }
}

export const letters = $state({ on: read() });

export function turn(on: boolean) {
  letters.on = on;
  try {
    localStorage.setItem(name, on ? 'on' : 'off');
  } catch {
    // the page goes on without it
  }
}
