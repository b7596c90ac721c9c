import type { Activity } from '../../model/activity.ts';

/** A span as OTLP writes it in JSON. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number; readonly message?: string };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

/** Whose span it is, and who knows the ids. */
export interface SpanSource {
  readonly name: string;
  spanOf(id: string): string;
}

/** INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER of the protocol. */
const KINDS: Readonly<Record<string, number>> = { request: 2, control: 2, attempt: 3, event: 4, message: 5 };

const INTERNAL = 1;
const ERROR = 2;

/**
 * The span of a thing that has happened. Its time is that of the wall, as that of the spans beside it; the tenant's own is
 * an attribute.
 *
 * @example toSpan(item, tenant, Date.now()).traceId // that of the client's traceparent, or the tenant's own
 */
export function toSpan(item: Activity, source: SpanSource, wallTime: number): Span {
  const { id, cause, trace, kind, title, error, status } = item;
  const time = `${wallTime}000000`;
  const isError = error !== undefined || (status !== undefined && status >= 500);
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['bss.simulator.tenant', source.name],
    ['bss.simulator.id', id],
    ['bss.simulator.time', item.at],
    ['bss.simulator.kind', kind],
    ['bss.simulator.fired_by', item.firedBy],
    ['bss.simulator.subject', item.subject && `${item.subject.collection}/${item.subject.id}`],
    ['bss.simulator.operation', item.operationId],
    ['http.request.method', item.method],
    ['url.path', item.path],
    ['url.full', item.target],
    ['messaging.destination.name', item.channel],
    ['error.type', error],
  ];
  return {
    traceId: trace,
    spanId: source.spanOf(id),
    ...(cause !== undefined && { parentSpanId: source.spanOf(cause) }),
    name: title,
    kind: KINDS[kind] ?? INTERNAL,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: [
      ...texts.flatMap(([key, text]) => (text === undefined ? [] : [{ key, value: { stringValue: text } }])),
      ...(status === undefined ? [] : [{ key: 'http.response.status_code', value: { intValue: String(status) } }]),
    ],
    status: isError ? { code: ERROR, ...(error !== undefined && { message: error }) } : { code: 0 },
  };
}

/** The body of a request that exports spans: an `ExportTraceServiceRequest`. */
export function toExport(spans: readonly Span[], version: string): object {
  const attributes = [
    { key: 'service.name', value: { stringValue: 'bss-simulator' } },
    { key: 'service.version', value: { stringValue: version } },
  ];
  return {
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'bss-simulator', version }, spans }] }],
  };
}
