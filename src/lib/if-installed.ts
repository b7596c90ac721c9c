/**
 * A library that a user may do without; `undefined` where it is not installed.
 *
 * @example const extra = await ifInstalled(() => import('./extra.js'));
 */
export async function ifInstalled<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
