import { expect, test } from 'vitest';
import { toFolder, toTenant } from '../../src/stores/file/tenant-folder.ts';

test.each([
  ['Acme', '+acme', 'where large and small letters are the same'],
  ['acme', 'acme', 'as they are'],
  ['nul', '+=nul', 'where that is a device'],
  ['com1.log', '+=com1.log', 'where that is a device, whatever follows'],
  ['console', 'console', 'as they are'],
  ['CON', '+c+o+n', 'where that is a device'],
  ['team.', 'team+_', 'where a dot at the end is dropped'],
])('the tenant %s has the folder %s, %s', (tenant, folder) => {
  expect(toFolder(tenant)).toBe(folder);
  expect(toTenant(folder)).toBe(tenant);
});
