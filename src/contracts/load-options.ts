import type { Format } from './format.ts';

/** To look through a document of ten megabytes for what changes nothing takes a gigabyte: that is for `check` alone. */
export const MOST_LINTED = 4 * 2 ** 20;

export interface LoadOptions {
  /** Where loads are kept; nothing is kept without it. */
  readonly cacheDir?: string;
  /** Overlays to apply to all of them, in this order, beside those that are named after one. */
  readonly overlays?: readonly string[];
  /** Further formats, beside those that have a folder here. */
  readonly formats?: readonly Format[];
  /** Leaves out what only finds further problems, and changes nothing that is served. */
  readonly isQuick?: boolean;
  /** Documents longer than this are not looked through for what changes nothing. Default: no limit. */
  readonly mostLinted?: number;
  /** References may lead to any file, and not only to those in the folders that are asked for. */
  readonly allowRefs?: boolean;
  /** A quick load is not kept, because a thorough one follows. */
  readonly isCheckedLater?: boolean;
}
