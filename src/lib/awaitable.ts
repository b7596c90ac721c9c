/**
 * A value that is there already, or will be. `await` takes both; what matters is the way in between: a chain of answers
 * that are there runs through at once, without a turn of the event loop for each link.
 */
export type Awaitable<T> = T | Promise<T>;

/**
 * Goes on with a value as soon as it is there.
 *
 * @example chain(readCommand(request), (command) => tenant.execute(command, exchange))
 */
export function chain<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Does something and hands what it throws, at once or later, to `mend`.
 *
 * @example mended(() => handle(command), (error) => refuse(error))
 */
export function mended<T>(body: () => Awaitable<T>, mend: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = body();
    return value instanceof Promise ? value.catch(mend) : value;
  } catch (error) {
    return mend(error);
  }
}
