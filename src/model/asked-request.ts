/** A request to the simulator of its own; `path` is absolute, with the tenant's prefix and the query. */
export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
