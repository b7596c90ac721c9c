import { test } from 'vitest';

/**
 * A test on a Node of a newer major version, whose path `NEWER_NODE` says; continuous integration installs one. Without it the
 * test is skipped, and its name says so; with `REQUIRE_SERVICES=1` it fails.
 *
 * @example newerNodeTest('the same inputs give the same transcript', async (node) => {});
 */
export function newerNodeTest(title: string, body: (node: string) => void | Promise<void>, timeout?: number): void {
  const { NEWER_NODE, REQUIRE_SERVICES } = process.env;
  const isSkipped = NEWER_NODE === undefined && REQUIRE_SERVICES !== '1';
  test.skipIf(isSkipped)(
    isSkipped ? `${title} (skipped without NEWER_NODE)` : title,
    () => {
      if (NEWER_NODE === undefined)
        throw new Error('Failed to start a newer Node: NEWER_NODE names none. Set it to a newer node.');
      return body(NEWER_NODE);
    },
    timeout,
  );
}
