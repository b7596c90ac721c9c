/** What stands in records in place of a secret. */
export const REDACTED = '[redacted]';
