/** The signs of the map, drawn on a canvas: a shape and a lightness for each class, never colour alone. */
import type { Category } from '$lib/land/types';
import type { Colours } from './colours';

const SIZE = 22;
const RATIO = 2;

export interface Picture {
  readonly name: string;
  readonly image: ImageData;
  readonly pixelRatio: number;
}

const CATEGORIES: readonly Category[] = ['kurang_rawan', 'rawan', 'sangat_rawan', 'khusus'];
// Letters of posts: K and S belong to the classes (as in the printed map).
export const POST_LETTERS: Readonly<Record<string, string>> = {
  polres: 'R',
  polsek: 'P',
  koramil: 'T',
  hospital: 'H',
  damkar: 'D',
  bpbd: 'B',
  pemda: 'G',
  other: 'L',
};

/** Every sign in the colours of a theme. */
export function pictures(colours: Colours): Picture[] {
  const shapes = CATEGORIES.flatMap((category) =>
    [true, false].map((covered) => ({
      name: tpsSign(category, covered),
      draw: (pen: Pen) => drawTps(pen, category, covered, colours),
    })),
  );
  const plain = { name: tpsSign(null, true), draw: (pen: Pen) => drawPlain(pen, colours) };
  const team = { name: 'team', draw: (pen: Pen) => drawTeam(pen, colours) };
  return [
    ...[...shapes, plain, team].map(({ name, draw }) => paintSign(name, draw)),
    ...postPictures(colours),
  ];
}

/** The signs of posts alone. */
export function postPictures(colours: Colours): Picture[] {
  return Object.entries(POST_LETTERS).map(([kind, letter]) =>
    paintSign(`post-${kind}`, (pen) => drawPost(pen, letter, colours)),
  );
}

/** A sign, drawn around the middle of its square. */
export function paintSign(name: string, draw: (pen: Pen) => void): Picture {
  return { name, image: paint(draw), pixelRatio: RATIO };
}

export function tpsSign(category: Category | null, covered: boolean): string {
  return category ? `tps-${category}-${covered ? 'covered' : 'open'}` : 'tps-plain';
}

export type Pen = CanvasRenderingContext2D;

function paint(draw: (pen: Pen) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE * RATIO;
  canvas.height = SIZE * RATIO;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no 2d canvas');
  pen.scale(RATIO, RATIO);
  pen.translate(SIZE / 2, SIZE / 2);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function outline(pen: Pen, category: Category, grow = 0): void {
  const r = 6 + grow;
  pen.beginPath();
  if (category === 'kurang_rawan') pen.arc(0, 0, r - 1, 0, 2 * Math.PI);
  else if (category === 'rawan') polygon(pen, [0, -r - 0.5, r + 0.5, 0, 0, r + 0.5, -r - 0.5, 0]);
  else if (category === 'sangat_rawan') pen.rect(-r + 0.5, -r + 0.5, 2 * r - 1, 2 * r - 1);
  else polygon(pen, [0, -r - 1.5, r + 2, r, -r - 2, r]);
}

function polygon(pen: Pen, xy: readonly number[]): void {
  for (let i = 0; i < xy.length; i += 2) pen.lineTo(xy[i] ?? 0, xy[i + 1] ?? 0);
  pen.closePath();
}

function drawTps(pen: Pen, category: Category, covered: boolean, colours: Colours): void {
  // a paper edge, so that a sign stands out on a fill of its own colour
  outline(pen, category, covered ? 0 : 2);
  pen.lineWidth = covered ? 3.6 : 4.6;
  pen.strokeStyle = colours.panel;
  pen.stroke();
  pen.fillStyle = covered ? colours.classes[category] : colours.panel;
  pen.fill();
  if (category === 'khusus') hatch(pen, covered ? colours.panel : colours.classes.khusus);
  outline(pen, category, covered ? 0 : 2);
  pen.lineWidth = covered ? 1.4 : 2.6;
  pen.strokeStyle = covered ? colours.ink : colours.alarm;
  pen.stroke();
  if (!covered) cross(pen, colours.alarm);
}

function hatch(pen: Pen, colour: string): void {
  pen.save();
  pen.clip();
  pen.beginPath();
  for (let x = -16; x <= 16; x += 4) {
    pen.moveTo(x - 10, 10);
    pen.lineTo(x + 10, -10);
  }
  pen.lineWidth = 1;
  pen.strokeStyle = colour;
  pen.stroke();
  pen.restore();
}

/** An open TPS: a cross inside, so that it is seen without colour. */
function cross(pen: Pen, colour: string): void {
  pen.beginPath();
  pen.moveTo(-3, -2);
  pen.lineTo(3, 4);
  pen.moveTo(3, -2);
  pen.lineTo(-3, 4);
  pen.lineWidth = 1.6;
  pen.strokeStyle = colour;
  pen.stroke();
}

function drawPlain(pen: Pen, colours: Colours): void {
  pen.beginPath();
  pen.arc(0, 0, 4.5, 0, 2 * Math.PI);
  pen.fillStyle = colours.panel;
  pen.fill();
  pen.lineWidth = 1.6;
  pen.strokeStyle = colours.ink;
  pen.stroke();
}

function drawPost(pen: Pen, letter: string, colours: Colours): void {
  pen.fillStyle = colours.ink;
  pen.fillRect(-9, -9, 18, 18);
  pen.strokeStyle = colours.panel;
  pen.lineWidth = 1;
  pen.strokeRect(-8.5, -8.5, 17, 17);
  pen.fillStyle = colours.panel;
  pen.font = '600 12px "IBM Plex Sans Variable", sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(letter, 0, 0.5);
}

function drawTeam(pen: Pen, colours: Colours): void {
  pen.beginPath();
  polygon(pen, [-5, -6, 7, 0, -5, 6]);
  pen.fillStyle = colours.unit;
  pen.fill();
  pen.lineWidth = 1.4;
  pen.strokeStyle = colours.panel;
  pen.stroke();
}
