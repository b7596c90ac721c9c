/** Something that has just happened in a tenant, for those who watch a simulator at work. */
export type Happening =
  | {
      readonly kind: 'request';
      readonly tenant: string;
      readonly method: string;
      readonly path: string;
      readonly status: number;
    }
  | { readonly kind: 'event'; readonly tenant: string; readonly channel: string; readonly id: string }
  | {
      readonly kind: 'delivery';
      readonly tenant: string;
      readonly target: string;
      readonly state: string;
      readonly status?: number;
      readonly error?: string;
    };
