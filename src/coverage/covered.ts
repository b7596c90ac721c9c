/** What of the contracts has been exercised, and how often. */
export interface Coverage {
  readonly items: readonly ContractCoverage[];
  /** What can go wrong on purpose. */
  readonly faults: readonly { readonly effect: string; readonly count: number }[];
  readonly totals: Totals & { readonly faults: Share };
}

/** How much of one contract has been exercised. */
export interface ContractCoverage {
  readonly system: string;
  readonly contract: string;
  readonly operations: readonly OperationCoverage[];
  readonly channels: readonly { readonly channel: string; readonly count: number }[];
  /** Moves of the life cycles of its resources. */
  readonly moves: readonly {
    readonly resource: string;
    readonly from: string;
    readonly to: string;
    readonly count: number;
  }[];
  readonly totals: Totals;
}

export interface OperationCoverage {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** How often it has been answered. */
  readonly count: number;
  readonly answers: readonly AnswerCoverage[];
}

export interface AnswerCoverage {
  /** As the contract writes it (`200`, `4XX`), or the status that was answered where it does not have that. */
  readonly status: string;
  /** Whether the contract names it; what is only a `default`, or an error of the simulator's own, it does not. */
  readonly declared: boolean;
  readonly count: number;
}

/** Of each kind of thing: how many there are, and how many of them were exercised. */
export interface Totals {
  readonly operations: Share;
  /** Declared answers. */
  readonly answers: Share;
  readonly channels: Share;
  readonly moves: Share;
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}
