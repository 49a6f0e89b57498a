import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isLabelKey, isStringLabelValue } from '../../internal/names';
import { type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import type { HaPostgresPlan } from '../plan';

export function timing(scope: IConstruct, { patroni, gracePeriod, startupBudget, props }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const given = props.patroni ?? {};
  const whole = (prop: string, value: number, duration: Duration | undefined, least: number) => {
    if (!Number.isInteger(value) || value < least) refuse('TimeInvalid', prop, duration, `whole seconds, at least ${least}`);
  };
  whole('patroni.ttl', patroni.ttl, given.ttl, 20);
  whole('patroni.loopWait', patroni.loopWait, given.loopWait, 1);
  whole('patroni.retryTimeout', patroni.retryTimeout, given.retryTimeout, 3);
  whole('patroni.primaryStartTimeout', patroni.primaryStartTimeout, given.primaryStartTimeout, 0);
  whole('patroni.memberSlotsTtl', patroni.memberSlotsTtl, given.memberSlotsTtl, 0);
  whole('pod.probes.startupBudget', startupBudget, props.pod?.probes?.startupBudget, 5);
  whole('pod.terminationGracePeriod', gracePeriod, props.pod?.terminationGracePeriod, 1);
  const sum = patroni.loopWait + 2 * patroni.retryTimeout;
  if (sum > patroni.ttl) {
    refuse(
      'TimingTooTight',
      'patroni.ttl',
      given.ttl ?? '30 s (the default)',
      `at least loopWait + 2 × retryTimeout = ${sum} s, or the leader loses its lock while it still retries`,
    );
  }
  if (gracePeriod < 60) {
    warn(
      scope,
      'GracePeriodShort',
      `pod.terminationGracePeriod is ${gracePeriod} s: a shutdown checkpoint that takes longer ends in a crash recovery; 600 s is the default`,
    );
  }
  if (startupBudget < 300) {
    warn(
      scope,
      'StartupBudgetShort',
      `pod.probes.startupBudget is ${startupBudget} s: while the API is out of reach that long, members are killed before Patroni's loop runs; allow 5 minutes or more`,
    );
  }
}

export function durability(scope: IConstruct, { durability, members, patroni, patroniVersion, props }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const nodes = patroni.synchronousNodeCount;
  if (durability === 'quorum' && !patroniVersion.atLeast(4, 0)) {
    refuse(
      'QuorumUnsupported',
      'durability',
      durability,
      `'sync' or 'syncStrict', since quorum needs Patroni 4.0 and patroniVersion is '${props.patroniVersion}'`,
    );
  }
  if (durability === 'syncStrict' && members === 1) {
    refuse('SyncStrictAlone', 'durability', durability, "'async' for a single member: with no standby, every write would wait for ever");
  }
  if (!Number.isInteger(nodes) || nodes < 1)
    refuse('SynchronousNodeCountInvalid', 'patroni.synchronousNodeCount', nodes, 'a whole number of at least 1');
  if (durability !== 'async' && nodes >= members && members > 1) {
    refuse(
      'SynchronousNodeCountTooLarge',
      'patroni.synchronousNodeCount',
      nodes,
      `less than members (${members}): the leader is none of its own standbys`,
    );
  }
  if (members === 2 && durability !== 'syncStrict') {
    warn(
      scope,
      'TwoMembers',
      "members is 2: after one failure nothing is left to fail over to; use 3, or durability 'syncStrict' where losing writes is worse than waiting",
    );
  }
  if (members === 1 && patroni.failsafeMode) {
    warn(scope, 'FailsafeAlone', 'patroni.failsafeMode is true for a single member: there is nobody to ask, so it has no effect');
  }
}

/** Patroni that is older than what it runs; its release notes. */
export function versions(scope: IConstruct, { postgresVersion, patroniVersion, props }: HaPostgresPlan): void {
  if (postgresVersion < 18 || patroniVersion.atLeast(4, 0)) return;
  refuser(scope)(
    'PatroniTooOld',
    'patroniVersion',
    props.patroniVersion,
    `4.0 or later where postgresVersion is ${postgresVersion}: its I/O workers are known since 4.0.7, and an older Patroni waits for them when it stops PostgreSQL`,
  );
}

export function labels(scope: IConstruct, { patroni, patroniVersion, props }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const given = props.patroni ?? {};
  for (const [key, value] of Object.entries(patroni.labels)) {
    if (!isLabelKey(key))
      refuse('LabelKeyInvalid', 'patroni.labels', key, 'a label key of at most 63 characters, with or without a DNS prefix');
    reserved(refuse, 'patroni.labels', key);
    labelValue(refuse, `patroni.labels['${key}']`, value);
  }
  if (Object.keys(patroni.labels).length === 0)
    refuse('LabelsEmpty', 'patroni.labels', patroni.labels, "at least one label, as { application: 'patroni' }");
  for (const prop of ['scopeLabel', 'roleLabel'] as const) {
    if (!isLabelKey(patroni[prop]))
      refuse('LabelKeyInvalid', `patroni.${prop}`, patroni[prop], 'a label key of at most 63 characters, with or without a DNS prefix');
    reserved(refuse, `patroni.${prop}`, patroni[prop]);
  }
  if (new Set([...Object.keys(patroni.labels), patroni.scopeLabel, patroni.roleLabel]).size < Object.keys(patroni.labels).length + 2)
    refuse(
      'LabelKeyTwice',
      'patroni.labels',
      Object.keys(patroni.labels).join(', '),
      'apart from scopeLabel and roleLabel, and these two from each other',
    );
  const fixed = { leaderLabelValue: 'master', followerLabelValue: 'replica' };
  for (const prop of ['leaderLabelValue', 'followerLabelValue'] as const) {
    labelValue(refuse, `patroni.${prop}`, patroni[prop]);
    if (given[prop] !== undefined && given[prop] !== fixed[prop] && !patroniVersion.atLeast(3, 1)) {
      refuse(
        'LabelValueUnsupported',
        `patroni.${prop}`,
        given[prop],
        `left out or '${fixed[prop]}', since Patroni before 3.1 cannot change it and patroniVersion is '${props.patroniVersion}'`,
      );
    }
  }
  if (patroni.leaderLabelValue === patroni.followerLabelValue) {
    refuse(
      'LabelValuesEqual',
      'patroni.leaderLabelValue',
      patroni.leaderLabelValue,
      'different from followerLabelValue, or clients write to replicas',
    );
  }
}

/** Of the StatefulSet's own selector, too. */
function reserved(refuse: Refuse, prop: string, key: string): void {
  if (key.startsWith('app.kubernetes.io/'))
    refuse(
      'LabelKeyReserved',
      prop,
      key,
      "a key of its own, as 'application': GitOps tools take objects with app.kubernetes.io labels for theirs and prune Patroni's",
    );
}

/** Patroni reads its labels as YAML: `true` or `1.0` would become something else than the label on the pod. */
function labelValue(refuse: Refuse, prop: string, value: unknown): void {
  if (!isStringLabelValue(value))
    refuse(
      'LabelValueInvalid',
      prop,
      value,
      "a string of at most 63 letters, digits, '-', '_' and '.' that YAML does not read as a number, a boolean or null",
    );
}

/** How Patroni's state is kept: legal, and worth a second look. */
export function dcs(scope: IConstruct, { dcs, kubernetesVersion, openShift }: HaPostgresPlan): void {
  if (dcs !== 'endpoints') return;
  if (kubernetesVersion.atLeast(1, 33)) {
    warn(
      scope,
      'EndpointsDeprecated',
      "dcs is 'endpoints' and kubernetesVersion is 1.33 or later: that API is deprecated; it works, with warnings in the log; dcs 'configMaps' avoids it for new clusters",
    );
  }
  if (openShift) {
    warn(
      scope,
      'OpenShiftEndpoints',
      "dcs is 'endpoints' on OpenShift: it needs the right to create endpoints/restricted, which a tenant cannot grant; dcs 'configMaps' needs no special right",
    );
  }
}
