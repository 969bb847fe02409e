/** Two versions beside one another. */
import { get } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import type { Compare } from './types';

let between = $state.raw<readonly [string, string] | null>(null);
let compare = $state.raw<Compare | null>(null);
let failed = $state.raw<ApiError | null>(null);

export const diff = {
  get between(): readonly [string, string] | null {
    return between;
  },
  get compare(): Compare | null {
    return compare;
  },
  get error(): ApiError | null {
    return failed;
  },
};

export function showDiff(a: string, b: string): void {
  between = [a, b];
  compare = null;
  failed = null;
  const mine = between;
  const path = `/api/plans/${encodeURIComponent(a)}/diff/${encodeURIComponent(b)}`;
  get<Compare>(path).then(
    (answer) => {
      if (between === mine) compare = answer;
    },
    (thrown: unknown) => {
      if (between === mine) failed = asApiError(thrown);
    },
  );
}

export function closeDiff(): void {
  between = null;
  compare = null;
  failed = null;
}
