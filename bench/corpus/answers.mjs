import { Schemas } from './schemas.mjs';

/**
 * Judges answers by the contract: the declared status, a declared media type, and a body that fits its schema.
 *
 * @example new Answers(description).flawOf(operation, answer);
 */
export class Answers {
  #schemas;
  #canBeMade;
  #isSilent;

  /** `canBeMade` says whether any value fits a schema: no answer can keep a contract that contradicts itself. */
  constructor(description, canBeMade) {
    this.#schemas = new Schemas(description, 'response');
    this.#canBeMade = canBeMade;
    // A document that describes no answer at all says nothing of bodies.
    this.#isSilent = description
      .operations()
      .every(({ responses }) =>
        Object.entries(responses).every(
          ([status, { content }]) => !/^2|^DEFAULT$/.test(status) || Object.keys(content).length === 0,
        ),
      );
  }

  /** What is wrong with an answer, in words; undefined where it is as declared. */
  flawOf(operation, answer) {
    const response = responseOf(operation, answer.status);
    if (response === undefined) {
      // Where no success is declared, and what goes before an answer is none, one has to be made up.
      const isMissing = Object.keys(operation.responses).some((status) => !/^[145]/.test(status));
      return isMissing && answer.status < 400 ? `status ${answer.status} is not declared` : undefined;
    }
    const types = Object.keys(response.content);
    if (operation.method === 'HEAD' || [204, 304].includes(answer.status)) return undefined;
    if (types.length === 0)
      return answer.text === '' || answer.status >= 400 || response.isLoose || this.#isSilent
        ? undefined
        : 'a body, and none is declared';
    const type = (answer.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
    if (answer.text === '')
      return answer.status < 400 && types.some(isJson) && type === '' ? 'no body, and one is declared' : undefined;
    const medium = mediumFor(response.content, type);
    if (medium === undefined) return `media type ${type || 'none'} is not declared`;
    if (!isJson(type) || medium.schema === undefined) return undefined;
    return this.#flawOfBody(medium, answer.text);
  }

  /** Whether the successful answer of an operation can hold the property that a path in a request ends at. */
  hasRoomFor(operation, path) {
    const name = path.findLast((word) => typeof word === 'string' && !/^\d+$/.test(word));
    const success = Object.entries(operation.responses).find(([status]) => /^2/.test(status))?.[1];
    const medium = Object.entries(success?.content ?? {}).find(([type]) => isJson(type))?.[1];
    return (
      medium?.schema !== undefined && name !== undefined && this.#schemas.mentions(medium.schema, medium.file, name)
    );
  }

  #flawOfBody({ schema, file }, text) {
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return 'the body is not JSON';
    }
    let error;
    try {
      error = this.#schemas.errorOf(schema, file, body);
    } catch {
      return undefined;
    }
    if (error === undefined || !this.#canBeMade(schema, file)) return undefined;
    return `schema: ${error}`;
  }
}

function responseOf({ responses }, status) {
  return responses[status] ?? responses[`${String(status)[0]}XX`] ?? responses.DEFAULT;
}

function mediumFor(content, type) {
  const entries = Object.entries(content).map(([name, medium]) => [name.split(';')[0].trim().toLowerCase(), medium]);
  const matches = (name) =>
    name === type || name === '*/*' || (name.endsWith('/*') && type.startsWith(name.slice(0, -1)));
  return entries.find(([name]) => name === type)?.[1] ?? entries.find(([name]) => matches(name))?.[1];
}

function isJson(type) {
  return /[/+]json/i.test(type);
}
