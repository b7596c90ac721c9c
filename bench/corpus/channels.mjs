import WebSocket from 'ws';
import { Sampler } from './sample.mjs';
import { Schemas } from './schemas.mjs';

/** How long an opening and a message may take. */
const LONGEST_WAIT = 3_000;

/**
 * Opens each channel of an AsyncAPI document over WebSocket, publishes a message by hand, and looks whether it arrives
 * and fits what the document declares.
 *
 * @example await judgeChannels(description, server, find); // { declared: 2, open: 2, delivered: 2, breaks: 0 }
 */
export async function judgeChannels(description, server, find) {
  const channels = [...channelsOf(description)];
  const schemas = new Schemas(description, 'response');
  const sampler = new Sampler(description, 'writeOnly');
  const result = { declared: channels.length, open: 0, delivered: 0, breaks: 0 };
  for (const channel of channels) {
    if (!server.isUp) break;
    const address = channel.address.replace(/\{([^}]*)\}/g, (_, name) =>
      encodeURIComponent(String(argumentFor(channel.parameters[name], sampler))),
    );
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/${address.replace(/^\//, '')}`);
    const frames = framesOf(socket);
    const failure = await opened(socket);
    if (failure !== undefined) {
      find('channel does not open', channel.address, failure);
      continue;
    }
    result.open += 1;
    const said = await publish(server, [address, channel.address, address.replace(/^\//, '')]);
    if (said.status !== 201)
      find('message cannot be published', channel.address, `${said.status} ${said.text.slice(0, 200)}`);
    else {
      const frame = await frames.next();
      if (frame === undefined) find('message does not arrive', channel.address, 'nothing within 3 s');
      else {
        result.delivered += 1;
        const flaw = flawOf(frame, channel.messages, schemas);
        if (flaw !== undefined) {
          result.breaks += 1;
          find('message breaks its schema', channel.address, flaw);
        }
      }
    }
    socket.terminate();
  }
  return result;
}

function* channelsOf(description) {
  const { root, file } = description;
  const isThird = description.version.startsWith('3');
  for (const [key, start] of Object.entries(root.channels ?? {})) {
    const place = description.follow(start, file);
    if (place?.node === undefined || place.node === null) continue;
    const { node } = place;
    if (isThird && node.address === null) continue;
    const address = isThird ? (node.address ?? key) : key;
    const parameters = Object.fromEntries(
      Object.entries(node.parameters ?? {}).map(([name, each]) => {
        const found = description.follow(each, place.file);
        return [name, { ...found?.node, file: found?.file }];
      }),
    );
    const messages = isThird
      ? Object.values(node.messages ?? {}).map((each) => [each, place.file])
      : [node.subscribe, node.publish].flatMap((operation) => {
          const found = description.follow(operation?.message, place.file);
          if (found?.node === undefined) return [];
          return (found.node.oneOf ?? [found.node]).map((each) => [each, found.file]);
        });
    // A channel without a message has nothing to say: 2.0 calls it unavailable.
    if (messages.length === 0) continue;
    yield { address, parameters, messages: messages.map(([each, from]) => messageOf(description, each, from)) };
  }
}

function messageOf(description, node, file) {
  const place = description.follow(node, file);
  const { payload, schemaFormat } = place?.node ?? {};
  const isWrapped = payload?.schemaFormat !== undefined && payload.schema !== undefined;
  const format = isWrapped ? payload.schemaFormat : (schemaFormat ?? '');
  return {
    schema: isWrapped ? payload.schema : payload,
    file: place?.file ?? file,
    isForeign: /avro|protobuf|raml|xml/i.test(format),
  };
}

function argumentFor(parameter, sampler) {
  if (parameter === undefined) return 'corpus';
  const own = parameter.default ?? parameter.enum?.[0] ?? parameter.examples?.[0];
  return (
    own ?? (parameter.schema === undefined ? 'corpus' : (sampler.next(parameter.schema, parameter.file) ?? 'corpus'))
  );
}

/** A message is as declared where it fits one of the channel's messages. */
function flawOf(frame, messages, schemas) {
  const judged = messages.filter(({ isForeign, schema }) => !isForeign && schema !== undefined);
  if (judged.length === 0 || judged.length < messages.length) return undefined;
  let value = frame;
  try {
    value = JSON.parse(frame);
  } catch {
    // A text is a value too.
  }
  let first;
  for (const { schema, file } of judged) {
    try {
      const error = schemas.errorOf(schema, file, value);
      if (error === undefined) return undefined;
      first ??= error;
    } catch {
      return undefined;
    }
  }
  return first;
}

async function publish(server, names) {
  let first;
  for (const channel of new Set(names)) {
    const answer = await server.call({
      method: 'POST',
      path: '/_simulator/events',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel }),
    });
    if (answer.status === 201) return answer;
    if (first === undefined || first.status === 404) first = answer;
  }
  return first;
}

function opened(socket) {
  return new Promise((done) => {
    const timer = setTimeout(() => done('not open within 3 s'), LONGEST_WAIT);
    const finish = (failure) => {
      clearTimeout(timer);
      done(failure);
    };
    socket.once('open', () => finish(undefined));
    socket.on('error', (error) => finish(error.message));
    socket.once('unexpected-response', (_, response) => finish(`status ${response.statusCode}`));
  });
}

function framesOf(socket) {
  const held = [];
  let wanted;
  socket.on('message', (bytes) => {
    held.push(bytes.toString());
    wanted?.();
  });
  return {
    next: () =>
      new Promise((done) => {
        const take = () => {
          clearTimeout(timer);
          done(held.shift());
        };
        const timer = setTimeout(take, LONGEST_WAIT);
        if (held.length > 0) take();
        else wanted = take;
      }),
  };
}
