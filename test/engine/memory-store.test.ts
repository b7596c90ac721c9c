import { createMemoryStore } from '../../src/engine/state/store/memory-store.ts';
import { testStore } from '../conformance/store.ts';

testStore('memory', createMemoryStore);
