/**
 * A value that is there already, or will be. `await` takes both; what matters is the way in between: a chain of answers
 * that are there runs through at once, without a turn of the event loop for each link.
 */
export type Awaitable<T> = T | Promise<T>;

/**
 * Goes on with a value as soon as it is there.
 *
 * @example thenMaybe(readBody(request), (bytes) => perform(bytes))
 */
export function thenMaybe<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Does something and hands what it throws, at once or later, to `onError`.
 *
 * @example recover(() => handle(command), (error) => refuse(error))
 */
export function recover<T>(body: () => Awaitable<T>, onError: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = body();
    return value instanceof Promise ? value.catch(onError) : value;
  } catch (error) {
    return onError(error);
  }
}
