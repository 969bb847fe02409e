/** The roads there are: their version, whether they are a stand-in, size and source. */
import { get } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import type { Answer, Network } from './types';

let version = $state<number | null>(null);
let estimated = $state(false);
let estimatedText = $state('');
let now = $state.raw<Network | null>(null);
let failed = $state.raw<ApiError | null>(null);

export const network = {
  /** The version of the closures that the last answer held for. */
  get version(): number | null {
    return version;
  },
  get estimated(): boolean {
    return estimated;
  },
  get estimatedText(): string {
    return estimatedText;
  },
  get now(): Network | null {
    return now;
  },
  get error(): ApiError | null {
    return failed;
  },
};

/** Takes from an answer what all of them carry. */
export function heard<T extends Answer>(answer: T): T {
  version = answer.version;
  estimated = answer.estimated;
  if (answer.estimated_text) estimatedText = answer.estimated_text;
  return answer;
}

export async function loadNetwork(): Promise<void> {
  try {
    now = heard(await get<Network>('/api/roads'));
    failed = null;
  } catch (thrown) {
    failed = asApiError(thrown);
  }
}
