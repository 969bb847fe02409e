/** Where in the form each problem of the server belongs. */
import { asApiError, type Problem } from '$lib/api/errors';

/** Refusals that name no field: what they are about. */
const FIELD_OF: Readonly<Record<string, string>> = {
  event_far_from_roads: 'place',
  gathering_far_from_roads: 'groups',
  route_off_network: 'route',
  closure_on_no_road: 'closures',
  closure_outside: 'closures',
  unknown_road: 'closures',
  unknown_segment: 'closures',
  unknown_way: 'closures',
};

export interface Placed {
  /** `name`, `groups[0].label`, `closures[1]` … */
  readonly field: string;
  readonly text: string;
}

/** `event.groups[0]` and `label` as `groups[0].label`. */
function fieldOf(problem: Problem): string {
  const inside = (problem.where ?? '').replace(/^[^.]*\.?/, '');
  const column = problem.column ?? '';
  if (!inside) return column;
  return column && column !== 'closures' ? `${inside}.${column}` : inside;
}

/** What is wrong, without what the form shows anyway: the name of the field and what was typed. */
function textOf({ code, message, column, value, remedy }: Problem): string {
  const told = column && message.startsWith(`${column}: `) ? message.slice(column.length + 2) : message;
  const short = told.replace(value ? ` (${value})` : '', '');
  const whole = `${short.charAt(0).toUpperCase()}${short.slice(1)}.`;
  return code === 'missing_field' ? whole : `${whole} ${remedy}`;
}

let now = $state.raw<readonly Placed[]>([]);

/** What the server refused of the form, by field. */
export const problems = {
  get all(): readonly Placed[] {
    return now;
  },
  /** Those of exactly this field; with `inside` those of its parts too. */
  of(field: string, inside = false): readonly Placed[] {
    return now.filter((one) => one.field === field || (inside && isInside(one.field, field)));
  },
  /** Takes them from what was thrown; says whether any has a place in the form. */
  take(thrown: unknown): boolean {
    now = problemsOf(thrown);
    return now.length > 0;
  },
  clear(): void {
    now = [];
  },
};

function isInside(part: string, field: string): boolean {
  return part.startsWith(`${field}.`) || part.startsWith(`${field}[`);
}

function problemsOf(thrown: unknown): readonly Placed[] {
  const error = asApiError(thrown);
  if (error.problems.length) {
    return error.problems.map((one) => ({ field: fieldOf(one), text: textOf(one) }));
  }
  const field = FIELD_OF[error.code];
  return field ? [{ field, text: `${error.message}. ${error.remedy}` }] : [];
}
