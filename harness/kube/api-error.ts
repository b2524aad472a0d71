import { HarnessError } from '../model/errors.ts';

/** An answer of the API server that is not 2xx. `status` 0 means that there was no answer at all. */
export class ApiError extends HarnessError {
  readonly status: number;
  /** The machine's word for it: `NotFound`, `TooManyRequests`, `Expired` ...; empty when the server gave none. */
  readonly reason: string;
  /** The Status object as it was answered, for the causes of a refused eviction and the like. */
  readonly body: unknown;

  constructor(
    what: string,
    status: number,
    reason: string,
    message: string,
    options: { cause?: unknown; body?: unknown } = {},
  ) {
    const said = status === 0 ? message : `${String(status)} ${reason}: ${message}`;
    super('command-failed', `${what}: ${said}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.body = options.body;
  }
}

export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof ApiError && error.status === status;

/** No answer, or an answer that says "later": worth another try while a control plane is being broken. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** Makes the error of a failed answer from its body, which is a Status object when the API server itself wrote it. */
export function answered(what: string, status: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as { readonly reason?: string; readonly message?: string } | null;
    return new ApiError(what, status, body?.reason ?? '', body?.message ?? text.slice(0, 300), { body });
  } catch {
    return new ApiError(what, status, '', text.trim().slice(0, 300) || 'an empty answer');
  }
}
