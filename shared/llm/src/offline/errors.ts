/** An answer with an error status, in the shape of the OpenAI API. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: {
    status: number;
    type: string;
    code: string;
    message: string;
    headers?: Readonly<Record<string, string>>;
  }) {
    super(options.message);
    this.name = 'ApiError';
    this.status = options.status;
    this.type = options.type;
    this.code = options.code;
    this.headers = options.headers ?? {};
  }

  toBody(): { error: { message: string; type: string; param: null; code: string } } {
    return { error: { message: this.message, type: this.type, param: null, code: this.code } };
  }
}

export function invalidRequest(code: string, message: string): ApiError {
  return new ApiError({ status: 400, type: 'invalid_request_error', code, message });
}
