import type { IConstruct } from 'constructs';
import { isPort } from '../../internal/names';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
import { SecretKey } from '../../platform';
import type { PostgresAttributes } from '../postgres';
import { attributesShape } from './shapes';

/** What is said of a PostgreSQL that exists already. */
export function validateAttributes(scope: IConstruct, attributes: PostgresAttributes): void {
  const refuse = refuser(scope);
  const { primary, replica, pooler, tls, durability } = attributes ?? {};
  for (const [prop, endpoint] of Object.entries({ primary, replica, pooler })) {
    if ((endpoint === undefined && prop !== 'primary') || (endpoint?.host && isPort(endpoint.port))) continue;
    refuse('EndpointInvalid', prop, endpoint, "an Endpoint with a host and a port from 1 to 65535, as new Endpoint('db.example', 5432)");
  }
  attributesShape(refuse, '', attributes);
  oneOf(refuse, 'durability', durability, ['async', 'sync', 'syncStrict', 'quorum']);
  oneOf(refuse, 'tls.mode', tls?.mode, ['off', 'allowed', 'required']);
  if (tls && !tls.mode) refuse('TlsModeMissing', 'tls.mode', undefined, "'off', 'allowed' or 'required'");
  if (tls?.authority !== undefined && !SecretKey.isSecretKey(tls.authority))
    refuse('AuthorityInvalid', 'tls.authority', '(not shown)', "a reference to a Secret, as SecretKey.of('orders-tls', 'ca.crt')");
  passwords(refuse, attributes);
}

function passwords(refuse: Refuse, { roles = [], administrator }: PostgresAttributes): void {
  const logins: [prop: string, password: unknown][] = roles.map(({ password }, i) => [`roles[${i}].password`, password]);
  if (administrator) logins.push(['administrator.password', administrator.password]);
  for (const [prop, password] of logins) {
    if (password === undefined || SecretKey.isSecretKey(password)) continue;
    refuse('PasswordLiteral', prop, '(not shown)', "a reference to a Secret, as SecretKey.of('orders-postgres', 'app')");
  }
}
