import { expect, test } from 'vitest';
import { newerNodeTest } from '../support/newer-node.ts';
import { startProcess } from '../support/process.ts';
import { askAt, startSimulator } from '../support/simulator.ts';
import { digestOf, playStory } from '../support/story.ts';

/** Plays the story in a process of its own; answers the digest of its transcript. */
async function digestIn(node?: string): Promise<string> {
  const { url, stop } = await startProcess([], node);
  const ask = askAt(url);
  await playStory(ask);
  const digest = await digestOf(ask);
  await stop();
  return digest;
}

test('the same inputs give the same transcript in two processes and in this one', async () => {
  const { ask } = await startSimulator();
  await playStory(ask);
  const here = await digestOf(ask);
  expect(await digestIn()).toBe(here);
  expect(await digestIn()).toBe(here);
});

newerNodeTest('the same inputs give the same transcript on this Node and a newer one', async (node) => {
  expect(await digestIn(node)).toBe(await digestIn());
});

test('the transcript holds no port and no wall time', async () => {
  const { simulator, ask } = await startSimulator();
  await playStory(ask);
  const { text } = await ask('GET', '/_simulator/transcript');
  expect(text).not.toContain(new URL(simulator.url).port);
  expect(text).toContain('http://simulator/v1/customers/CUS-');
  expect(text).not.toContain(new Date().toISOString().slice(0, 7));
});

test('two hundred tenants at once, interleaved, each go through what one goes through alone', async () => {
  const { ask } = await startSimulator();
  const names = Array.from({ length: 200 }, (_, index) => `team-${index}`);
  await Promise.all(names.map((name) => playStory(ask, `/@${name}`, 1)));
  const together = await Promise.all(names.map((name) => digestOf(ask, `/@${name}`)));
  const { ask: askAlone } = await startSimulator();
  for (const index of [0, 57, 199]) {
    await playStory(askAlone, `/@team-${index}`, 1);
    expect(together[index]).toBe(await digestOf(askAlone, `/@team-${index}`));
  }
  expect(new Set(together).size).toBe(200);
});

test('after a reset the same inputs give the same transcript again; another seed gives another', async () => {
  const { ask } = await startSimulator();
  await playStory(ask);
  const first = await digestOf(ask);
  await ask('POST', '/_simulator/reset', {});
  await playStory(ask);
  expect(await digestOf(ask)).toBe(first);
  await ask('POST', '/_simulator/reset', { seed: 2 });
  await playStory(ask);
  expect(await digestOf(ask)).not.toBe(first);
});
