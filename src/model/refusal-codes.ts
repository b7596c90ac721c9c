/**
 * Every code that a `Refusal` can carry, with what it means to who reads it: `docs/errors.md` is written from these
 * comments, so a code cannot be used without an entry. A system adds its own to the interface, in a file of the same name.
 */
export interface RefusalCodes {
  /** The tenant’s clock is being advanced already, and one advance runs at a time. Wait for its end. */
  readonly ADVANCE_RUNNING: true;
  /** The id, or the name of a fault, is taken. Choose another one, or leave it out. */
  readonly ALREADY_EXISTS: true;
  /** The address of the request cannot be read: bad percent-encoding, or no path. Correct it. */
  readonly BAD_REQUEST_TARGET: true;
  /** The body is larger than may be (`--max-body`). Send less, or raise it. */
  readonly BODY_TOO_LARGE: true;
  /**
   * An advance stopped where it stood, because the client that asked for it has gone. Ask with `goOn` for one that
   * goes on.
   */
  readonly CLIENT_GONE: true;
  /**
   * The time to advance to lies before the tenant’s. Time only moves forward; reset the tenant, or restore a
   * snapshot.
   */
  readonly CLOCK_BACKWARDS: true;
  /**
   * With `--strict`: the answer that would leave breaks its contract. Fix the contract, the fixture or the code
   * behind it.
   */
  readonly CONTRACT_BROKEN: true;
  /**
   * A delivery to this simulator’s own address may reach an inbox or an operation of a contract in its own tenant,
   * and this is neither.
   */
  readonly DELIVERY_NOT_ALLOWED: true;
  /** Time ends with the year 9999. Reset the tenant to an earlier time. */
  readonly END_OF_TIME: true;
  /**
   * The log no longer holds the event or activity that a stream was to go on after. Begin anew; `oldest` is what it
   * holds.
   */
  readonly EVENT_GONE: true;
  /** With `--strict`: a message that would leave breaks its contract. Report it, or run without `--strict`. */
  readonly EVENT_INVALID: true;
  /** With `proxy --fail`: the request, or the answer of the server behind the proxy, breaks its contract. Correct it. */
  readonly EXCHANGE_BREAKS_CONTRACT: true;
  /** A fault of the tenant struck. `GET /_simulator/faults` lists them, and `DELETE` takes one away. */
  readonly FAULT: true;
  /**
   * A request names the host that it asks once, in a `Host` header that holds a name or address and perhaps a port. Send
   * one.
   */
  readonly HOST_INVALID: true;
  /**
   * On loopback the control API answers to known names alone, so that no page reaches it by a name that leads here.
   * Name yours with `--allow-hosts` or `--public-url`.
   */
  readonly HOST_NOT_ALLOWED: true;
  /** The Idempotency-Key was used for another request. Send a key of its own. */
  readonly IDEMPOTENCY_KEY_REUSED: true;
  /** The life cycle has no such move. `legal` lists the moves that there are; see [life cycles](lifecycles.md). */
  readonly ILLEGAL_TRANSITION: true;
  /** The token lacks a scope that the operation demands. Ask for a token with it. */
  readonly INSUFFICIENT_SCOPE: true;
  /** Something nobody foresaw happened in the simulator; its log says what. Report it. */
  readonly INTERNAL_ERROR: true;
  /** Nothing can be posted to the callback of a listener. Give an http or https URL. */
  readonly INVALID_CALLBACK: true;
  /** The message to publish breaks the contract of its channel. Correct what `errors` lists. */
  readonly INVALID_EVENT: true;
  /**
   * There is no such policy, or no such value of one. `GET /_simulator/policies` shows all that there are; see
   * [policies](policies.md).
   */
  readonly INVALID_POLICY: true;
  /** A filter, pattern or query cannot be read. Correct it at the place that is told. */
  readonly INVALID_QUERY: true;
  /** The request breaks its contract. `errors` lists every violation with its place. */
  readonly INVALID_REQUEST: true;
  /**
   * A tenant cannot be called this. Use 1 to 64 letters, digits, dots, dashes or underscores, of which the first is a
   * letter or digit.
   */
  readonly INVALID_TENANT: true;
  /**
   * The token is none of ours (with `--auth strict`), out of date, of another tenant, or was taken back. Ask the
   * token endpoint for one.
   */
  readonly INVALID_TOKEN: true;
  /**
   * The memory of the process runs out, so nothing may grow. Delete tenants, snapshots or entities, or give Node
   * more.
   */
  readonly MEMORY_FULL: true;
  /** The path is there, and the method is not. `Allow` lists those that are. */
  readonly METHOD_NOT_ALLOWED: true;
  /**
   * A request that another replica has passed on, for a tenant that is not this one’s any more. It is passed on again
   * by itself.
   */
  readonly MISDIRECTED: true;
  /** The contract has no answer in a form that `Accept` names. Accept `application/json`. */
  readonly NOT_ACCEPTABLE: true;
  /**
   * The path, the thing behind it, or what a query or body names is not there. The message names what comes nearest.
   */
  readonly NOT_FOUND: true;
  /** This simulator has no such part, or its library is not installed. The message names the way round. */
  readonly NOT_IMPLEMENTED: true;
  /** `Prefer` asks for an answer or example that the contract does not have. The message lists those it has. */
  readonly NO_SUCH_SAMPLE: true;
  /** A page of another origin asked for the control API. Name its origin with `--allow-origins`. */
  readonly ORIGIN_NOT_ALLOWED: true;
  /**
   * The replica that has the tenant cannot be reached, and nobody has taken it over yet. Nothing was begun; try
   * again.
   */
  readonly OWNER_AWAY: true;
  /**
   * The replica that had the tenant is not heard of any more. What was asked for may have been done: look before you
   * repeat it.
   */
  readonly OWNER_LOST: true;
  /** The page would be larger than an answer may be. Ask for fewer items. */
  readonly PAGE_TOO_LARGE: true;
  /** A JSON Patch names what is not there. Read the thing again, and patch what it is now. */
  readonly PATCH_INAPPLICABLE: true;
  /** What a JSON Patch would make breaks the contract. Correct what `errors` lists. */
  readonly PATCH_INVALID: true;
  /** A `test` of a JSON Patch does not hold. Read the thing again, and patch what it is now. */
  readonly PATCH_TEST_FAILED: true;
  /** The thing is not in the state that `If-Match` names. Read it again, and send its ETag. */
  readonly PRECONDITION_FAILED: true;
  /** To answer would take more work than one request may cost. Ask for less, or filter by something that is indexed. */
  readonly QUERY_TOO_COSTLY: true;
  /** A timer sets itself for the same instant again and again. The clock stands after the last whole one. */
  readonly RUNAWAY_TIMER: true;
  /**
   * The tenant holds as much as it may, of large requests (`--max-state-bytes`) or of things (`--max-entities`), or all
   * tenants together hold as many things as they may (`--max-entities-total`), as do their snapshots. An advance ends where
   * it has come to. Delete some, reset the tenant, or raise the bound that the message names.
   */
  readonly STATE_FULL: true;
  /** The simulator stops, or the tenant is being closed. Ask again when it has started. */
  readonly STOPPING: true;
  /**
   * A change could not be kept in the `--store`, so it was not made; reading goes on. Try again once the store has
   * room and can be reached.
   */
  readonly STORE_UNAVAILABLE: true;
  /**
   * What the `--store` keeps of the tenant cannot be read by this version. Serve it with the one that has written it.
   */
  readonly STORE_UNREADABLE: true;
  /** The tenant was let go of just now. Try again. */
  readonly TENANT_CLOSED: true;
  /** Another replica has the tenant. Ask that one, or wait until it lets go of it. */
  readonly TENANT_ELSEWHERE: true;
  /** There is a tenant of this name. Choose another, or delete that one. */
  readonly TENANT_EXISTS: true;
  /** The tenant is not open yet. Try again. */
  readonly TENANT_NOT_OPEN: true;
  /** A control read names a tenant that nothing has made yet. The message has the nearest name. */
  readonly TENANT_UNKNOWN: true;
  /** The life of an `APS-Token` of ours is over on the tenant’s clock. Ask for another. */
  readonly TOKEN_EXPIRED: true;
  /** Traffic at this pace, on a clock at this rate, is more than can be kept up. Lower one of the two. */
  readonly TOO_FAST: true;
  /** The process has as many connections as it may (`--max-sockets`). Try again later. */
  readonly TOO_MANY_CONNECTIONS: true;
  /** The tenant has as many faults as it may. Delete those that are used up. */
  readonly TOO_MANY_FAULTS: true;
  /** The tenant has as many webhooks as it may. Delete one. */
  readonly TOO_MANY_WEBHOOKS: true;
  /** The transcript is too long to be written as a scenario. Record a shorter story, in a tenant of its own. */
  readonly TRANSCRIPT_TOO_LONG: true;
  /**
   * The credential that the contract, or beyond loopback the control API, demands is not there or is not right. See
   * [authentication](authentication.md).
   */
  readonly UNAUTHORIZED: true;
  /** The body is compressed, or coded on its way by more than chunks. Send it as it is. */
  readonly UNSUPPORTED_ENCODING: true;
  /** The contract takes no body of this type there. The message lists those it takes. */
  readonly UNSUPPORTED_MEDIA_TYPE: true;
  /**
   * The server behind the proxy has not begun its answer in time (`--timeout`). What was asked for may have been done.
   */
  readonly UPSTREAM_TOO_SLOW: true;
  /** The server behind the proxy cannot be reached. Start it, or correct its address. */
  readonly UPSTREAM_UNREACHABLE: true;
  /** The pattern cannot be looked up in all requests of the journal. Ask for less, or clear the journal. */
  readonly VERIFICATION_TOO_COSTLY: true;
  /** The webhook of the delivery was deleted, and with it the secret to sign with. Register it anew. */
  readonly WEBHOOK_GONE: true;
}

/** The code of a refusal: stable, upper snake case, for example `ILLEGAL_TRANSITION`. */
export type RefusalCode = keyof RefusalCodes;
