import { createHash } from 'node:crypto';

const LONGEST = 64;

/**
 * The name of the tenant that a workflow is played in: the same for the same file and workflow, and of the characters
 * that tenants' names may have.
 *
 * @example tenantName('scenarios/macd/add.arazzo.yaml', 'addUser') // 'scenarios-macd-add.addUser'
 */
export function tenantName(file: string, workflowId: string): string {
  const stem = stemOf(file);
  const name = toName(`${stem}.${workflowId}`);
  // Two names must not become one where characters were replaced or cut off.
  const isExact = `${stem}.${workflowId}`.replace(/[^A-Za-z0-9._/-]+/g, '') === `${stem}.${workflowId}`;
  if (isExact && name.length <= LONGEST) return name;
  const mark = createHash('sha256')
    .update(`${file.replaceAll('\\', '/')}#${workflowId}`)
    .digest('hex')
    .slice(0, 8);
  return `${name.slice(0, LONGEST - mark.length - 1)}-${mark}`;
}

/**
 * What the names of all tenants begin with whose workflows are in a file, or in the files of a folder.
 *
 * @example tenantNamesBeginWith('scenarios/macd') // 'scenarios-macd-'
 */
export function tenantNamesBeginWith(path: string): string {
  const isFile = /\.(ya?ml|json)$/i.test(path);
  return toName(isFile ? `${stemOf(path)}.` : stemOf(`${path}/`));
}

function stemOf(file: string): string {
  return file
    .replaceAll('\\', '/')
    .replace(/^(\.{0,2}\/)+/, '')
    .replace(/(\.arazzo)?\.(ya?ml|json)$/i, '');
}

function toName(text: string): string {
  return text
    .replaceAll('/', '-')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
}
