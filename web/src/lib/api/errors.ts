/** The error object of the server (design.md 3), and what stands in for it when there is none. */
import { c } from '../i18n/common';

/** One thing wrong with one place of an input. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly row?: number | null;
  readonly column?: string | null;
  readonly value?: string | null;
  readonly where?: string | null;
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly where?: Readonly<Record<string, unknown>>;
  readonly remedy?: string;
  readonly problems?: readonly Problem[];
}

/** A request the server refused, or that never reached it (status 0). */
export class ApiError extends Error {
  readonly code: string;
  readonly where: Readonly<Record<string, unknown>>;
  readonly remedy: string;
  readonly problems: readonly Problem[];
  readonly status: number;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.code = body.code;
    this.where = body.where ?? {};
    this.remedy = body.remedy ?? '';
    this.problems = body.problems ?? [];
  }
}

/** Whatever was thrown, as something `ErrorNote` can show. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError(0, { code: 'unexpected', message, remedy: c('not_understood_remedy') });
}

export function unreachable(): ApiError {
  const body = { code: 'unreachable', message: c('unreachable'), remedy: c('unreachable_remedy') };
  return new ApiError(0, body);
}

/** The error of an answer: its own object, or a plain one when it carries none. */
export async function refused(answer: Response): Promise<ApiError> {
  try {
    const body = (await answer.json()) as { error?: ErrorBody };
    if (body.error?.message) return new ApiError(answer.status, body.error);
  } catch {
    // not JSON: a proxy or a crash answered
  }
  return new ApiError(answer.status, {
    code: 'not_understood',
    message: c('not_understood', { status: answer.status }),
    remedy: c('not_understood_remedy'),
  });
}
