/**
 * The type of the values that a JSON Schema describes, for tables of schemas that are written as constants.
 *
 * @example type Rate = SchemaValue<{ readonly type: 'integer' }>; // number
 */
export type SchemaValue<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly const: infer C }
    ? C
    : S extends { readonly anyOf: readonly (infer A)[] }
      ? SchemaValue<A>
      : S extends { readonly type: 'integer' | 'number' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'string' }
            ? string
            : S extends { readonly type: 'array'; readonly items: infer I }
              ? readonly SchemaValue<I>[]
              : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
                ? { readonly [K in keyof P & R]: SchemaValue<P[K]> } & {
                    readonly [K in Exclude<keyof P, R>]?: SchemaValue<P[K]>;
                  }
                : S extends { readonly additionalProperties: infer V }
                  ? Readonly<Record<string, V extends false ? never : SchemaValue<V>>>
                  : Readonly<Record<string, unknown>>;
