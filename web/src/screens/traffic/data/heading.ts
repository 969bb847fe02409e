/** Which way a road was drawn, as a point of the compass. */
import { t } from '../words';
import type { Line } from './types';

const POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

export function headingOf(line: Line): string {
  const [from, to] = [line[0], line.at(-1)];
  if (!from || !to) return '';
  const east = (to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180);
  const degrees = (Math.atan2(east, to[1] - from[1]) * 180) / Math.PI;
  return t(`heading_${POINTS[((Math.round(degrees / 45) % 8) + 8) % 8] ?? 'n'}`);
}
