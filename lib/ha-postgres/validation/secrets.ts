import type * as kplus from 'cdk8s-plus-27';
import type { IConstruct } from 'constructs';
import { isDnsName } from '../../internal/names';
import { refuser } from '../../internal/refuse';
import { secretKeyPlaces, textPlaces } from '../../internal/secret-keys';
import type { HaPostgresProps } from '../props';

/** References that the API server would refuse, or that the pods would wait for in vain. */
export function secretKeys(scope: IConstruct, props: HaPostgresProps): void {
  for (const [prop, { secretName, key }] of secretKeyPlaces(props)) {
    if (isDnsName(secretName) && /^[-._a-zA-Z0-9]{1,253}$/.test(key)) continue;
    refuser(scope)(
      'SecretKeyInvalid',
      prop,
      `${secretName}/${key}`,
      "the name of a Secret and one of its keys, as SecretKey.of('orders-postgres', 'superuser')",
    );
  }
}

/** Names of variables that hold what nobody else should know; not those of files, lengths, lifetimes or ids of such. */
const SECRET_VARIABLE = /(PASSWORD|PASSWD|PASSPHRASE|_PASS|SECRET|TOKEN|(API|ACCESS|PRIVATE)_?KEY)$/i;

/** A switch, or another variable that Kubernetes puts in. */
const NO_SECRET = /^(|true|false|yes|no|on|off|0|1|\$\([\w.-]+\))$/i;

/** A password in a URL, in an option or an assignment, in SQL; not a variable, a command's output or a file in its place. */
const SECRET_TEXT = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*:(?![$<{])[^\s:/@'"]+@/i,
  /(?:^|[^a-z])(?:\w*password|\w*passwd|passphrase|pwd|radiussecrets|(?:api|access|private|secret)[_-]?(?:access[_-]?)?key|\w*secret|\w*token)=(?!["']?(?:[$<{/]|["'\s]|$))\S/i,
  /\bpassword\s+'[^']/i,
];

/** Parameters, and other settings by name, that hold one. */
const SECRET_SETTING = /^(?:postgresql|pooler)\.parameters\..*(?:password|passwd|passphrase|secret|token)$/i;

/** Passwords written out in what the user adds to the pods, or in any other text. */
export function literals(scope: IConstruct, props: HaPostgresProps): void {
  environments(scope, props);
  for (const [prop, text] of textPlaces(props)) {
    if (!SECRET_TEXT.some((pattern) => pattern.test(text)) && !(SECRET_SETTING.test(prop) && !NO_SECRET.test(text))) continue;
    refuser(scope)(
      'SecretInText',
      prop,
      '(not shown)',
      'without a password: it would be in the output; let what runs there read it from a file of a Secret, or from a variable by EnvValue.fromSecretValue',
    );
  }
}

function environments(scope: IConstruct, { pod = {} }: HaPostgresProps): void {
  const places: [prop: string, env: Record<string, kplus.EnvValue> | undefined][] = [
    ['pod.env', pod.env],
    ...(pod.sidecars ?? []).map(({ envVariables }, i): [string, typeof envVariables] => [`pod.sidecars[${i}].envVariables`, envVariables]),
    ...(pod.initContainers ?? []).map(({ envVariables }, i): [string, typeof envVariables] => [
      `pod.initContainers[${i}].envVariables`,
      envVariables,
    ]),
  ];
  for (const [prop, env] of places) {
    for (const [name, { value }] of Object.entries(env ?? {})) {
      if (value === undefined || !SECRET_VARIABLE.test(name) || NO_SECRET.test(`${value}`)) continue;
      refuser(scope)(
        'SecretInEnvironment',
        `${prop}.${name}`,
        '(not shown)',
        'from a Secret, by EnvValue.fromSecretValue: a literal is in the output',
      );
    }
  }
}
