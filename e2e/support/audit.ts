import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AUDIT_FOLDER } from './environment';
import type { Json } from './kubectl';

/** One request to the API server. */
export interface Request {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly code: number;
}

/** Everything that a ServiceAccount asked of the API server since a moment; undefined where there is no audit log. */
export async function requestsOf(namespace: string, account: string, since: Date): Promise<Request[] | undefined> {
  if (!AUDIT_FOLDER) return undefined;
  const user = `"username":"system:serviceaccount:${namespace}:${account}"`;
  const result: Request[] = [];
  for (const file of auditFiles(AUDIT_FOLDER, since)) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (!line.includes(user)) continue; // the log has every request of the cluster: parse only ours
      const event = parse(line);
      if (!event || new Date(event.requestReceivedTimestamp) < since) continue;
      const { resource = '', subresource, name = '' } = event.objectRef ?? {};
      const full = subresource ? `${resource}/${subresource}` : resource;
      result.push({ verb: event.verb, resource: full, name, code: event.responseStatus?.code ?? 0 });
    }
  }
  return result;
}

/** A verb of a Role on one resource, with the names it is limited to. */
export interface Grant {
  readonly resource: string;
  readonly verb: string;
  readonly names?: readonly string[];
}

/** What a Role grants, verb by verb. */
export function grantsOf(role: Json): Grant[] {
  return role.rules.flatMap((rule: Json) =>
    rule.resources.flatMap((resource: string) => rule.verbs.map((verb: string) => ({ resource, verb, names: rule.resourceNames }))),
  );
}

/** A Role without one of its grants. */
export function without(role: Json, { resource, verb }: Grant): Json {
  const keep = (rule: Json) => ({
    ...rule,
    verbs: rule.resources.includes(resource) ? rule.verbs.filter((each: string) => each !== verb) : rule.verbs,
  });
  return { ...role, rules: role.rules.map(keep).filter((rule: Json) => rule.verbs.length > 0) };
}

/** Whether a request was allowed by this grant. */
export const uses = (grant: Grant) => (request: Request) =>
  request.resource === grant.resource &&
  request.verb === grant.verb &&
  request.code < 400 &&
  (!grant.names || grant.names.includes(request.name));

/** The log and those that it was rotated to. */
function auditFiles(folder: string, since: Date): string[] {
  const files = readdirSync(folder).filter((name) => /^audit.*\.log$/.test(name));
  return files.map((name) => join(folder, name)).filter((file) => statSync(file).mtime >= since);
}

function parse(line: string): Json {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // the last line may be half written
  }
}
