/** Signs of the traffic map, drawn on a canvas in the colours of the theme. */
import type { Colours } from '$lib/map/colours';
import { paintSign, type Pen, type Picture } from '$lib/map/symbols';
import { inkOf, LOOKS, ROLES, type Along, type Role, type Shape } from './looks';

const FILL_SIZE = 16;

/** Points, signs along lines and fills of every role. */
export function rolePictures(colours: Colours): Picture[] {
  return ROLES.flatMap((role) => {
    const { ink, along, fill, shape } = LOOKS[role];
    const colour = inkOf(ink, colours);
    const made = [paintSign(`point-${role}`, (pen) => drawShape(pen, shape, colour, colours.panel))];
    if (along) {
      made.push(paintSign(`along-${role}`, (pen) => drawAlong(pen, along, colour, colours.panel)));
    }
    if (fill && fill !== 'steps') made.push(fillPicture(role, fill, colour));
    return made;
  });
}

function drawShape(pen: Pen, shape: Shape, colour: string, paper: string): void {
  pen.beginPath();
  if (shape === 'circle' || shape === 'ring') pen.arc(0, 0, shape === 'ring' ? 7 : 8, 0, 2 * Math.PI);
  else if (shape === 'square') pen.rect(-8, -8, 16, 16);
  else path(pen, shape === 'triangle' ? [0, -10, 10, 8, -10, 8] : [0, -10, 10, 0, 0, 10, -10, 0]);
  if (shape === 'ring') {
    pen.lineWidth = 5;
    pen.strokeStyle = paper;
    pen.stroke();
    pen.lineWidth = 2.6;
    pen.strokeStyle = colour;
    pen.stroke();
    cross(pen, 4, colour, 2);
    return;
  }
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 1.6;
  pen.strokeStyle = paper;
  pen.stroke();
}

/** Crossing ticks for what is closed, arrows for what one follows, plus signs for ambulances. */
function drawAlong(pen: Pen, along: Along, colour: string, paper: string): void {
  if (along === 'arrow') {
    path(pen, [-4, -6, 6, 0, -4, 6, -1.5, 0]);
    pen.fillStyle = paper;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.4;
    pen.fill();
    pen.stroke();
    return;
  }
  if (along === 'dots') {
    pen.beginPath();
    pen.arc(0, 0, 5.5, 0, 2 * Math.PI);
    pen.fillStyle = paper;
    pen.fill();
    pen.strokeStyle = colour;
    pen.lineWidth = 1.4;
    pen.stroke();
    stroke(pen, [-3, 0, 3, 0], colour, 1.8);
    stroke(pen, [0, -3, 0, 3], colour, 1.8);
    return;
  }
  cross(pen, 5.5, paper, 5);
  cross(pen, 5.5, colour, along === 'cross' ? 2.6 : 1.4);
}

function cross(pen: Pen, r: number, colour: string, width: number): void {
  stroke(pen, [-r, -r, r, r], colour, width);
  stroke(pen, [-r, r, r, -r], colour, width);
}

function stroke(pen: Pen, [x, y, toX, toY]: readonly [number, number, number, number], colour: string, width: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}

function path(pen: Pen, xy: readonly number[]): void {
  pen.beginPath();
  for (let i = 0; i < xy.length; i += 2) pen.lineTo(xy[i] ?? 0, xy[i + 1] ?? 0);
  pen.closePath();
}

/** A pattern that the ground shines through: lines for what is in force, dots for what is to come. */
function fillPicture(role: Role, fill: 'hatch' | 'dots', colour: string): Picture {
  const canvas = document.createElement('canvas');
  canvas.width = FILL_SIZE;
  canvas.height = FILL_SIZE;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no 2d canvas');
  if (fill === 'hatch') {
    for (const shift of [-FILL_SIZE, 0, FILL_SIZE]) {
      stroke(pen, [shift - 1, FILL_SIZE + 1, shift + FILL_SIZE + 1, -1], colour, 1);
    }
  } else {
    pen.fillStyle = colour;
    pen.fillRect(3, 3, 2, 2);
    pen.fillRect(11, 11, 2, 2);
  }
  const image = pen.getImageData(0, 0, FILL_SIZE, FILL_SIZE);
  return { name: `fill-${role}`, image, pixelRatio: 1 };
}
