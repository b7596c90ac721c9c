import { createMemoryStore } from '../../src/engine/store/memory-store.ts';
import { testStore } from '../conformance/store.ts';

testStore('memory', createMemoryStore);
