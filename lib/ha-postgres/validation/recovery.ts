import type { IConstruct } from 'constructs';
import { daysIn } from '../../internal/cron';
import { isPort } from '../../internal/names';
import { seconds } from '../../internal/quantity';
import { type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import { type RecoveryOptions, RecoveryTarget, type StandbyOptions } from '../options';
import type { HaPostgresPlan } from '../plan';
import type { HaPostgresProps } from '../props';
import { stanza } from './backups';
import { repository, secret, uriStyle } from './repository';

/** What the props of recovery and standby clusters get wrong, whatever the rest says. */
export function recoveryProps(scope: IConstruct, { recovery, standbyOf }: HaPostgresProps): void {
  const refuse = refuser(scope);
  if (recovery && standbyOf) {
    refuse(
      'RecoveryOfStandby',
      'recovery',
      'given beside standbyOf',
      'left out: a cluster is born from a point in the past or follows another one; standbyOf alone copies from its repository too',
    );
  }
  if (recovery) born(refuse, recovery);
  if (standbyOf) follows(refuse, standbyOf);
}

function born(refuse: Refuse, { source, encryptionKey, target, set, timeline }: RecoveryOptions): void {
  repository(refuse, 'recovery.source', source);
  if (encryptionKey !== undefined) secret(refuse, 'recovery.encryptionKey', encryptionKey);
  if (set !== undefined && !/^\d{8}-\d{6}F(_\d{8}-\d{6}[DI])?$/.test(set)) {
    refuse('BackupSetInvalid', 'recovery.set', set, "a backup's label as `pgbackrest info` shows it, e.g. '20261121-021200F'");
  }
  if (timeline !== undefined && timeline !== 'current' && timeline !== 'latest' && !(Number.isInteger(timeline) && timeline >= 1)) {
    refuse('TimelineInvalid', 'recovery.timeline', timeline, "a whole number of at least 1, 'current' or 'latest'");
  }
  if (target !== undefined) goal(refuse, target, set);
  if (target?.type === 'immediate' && timeline !== undefined) {
    refuse(
      'TimelineInvalid',
      'recovery.timeline',
      timeline,
      'left out for RecoveryTarget.immediate(): a backup has but the one it was made on',
    );
  }
}

function goal(refuse: Refuse, target: RecoveryTarget, set: string | undefined): void {
  const prop = 'recovery.target';
  if (!RecoveryTarget.isRecoveryTarget(target)) {
    refuse('RecoveryTargetInvalid', prop, target, "a RecoveryTarget, as RecoveryTarget.time('2026-11-21 13:42:02+00')");
  }
  const { type, value, isExclusive } = target;
  const expected = GOALS[type]?.(`${value}`);
  if (expected) refuse('RecoveryTargetInvalid', prop, value, expected);
  if ((type === 'xid' || type === 'name') && set === undefined) {
    refuse(
      'BackupSetMissing',
      'recovery.set',
      undefined,
      'given for a transaction id or a restore point: only for a time or an lsn does pgBackRest find the backup before it by itself',
    );
  }
  if (isExclusive && !['time', 'lsn', 'xid'].includes(type)) {
    refuse(
      'RecoveryTargetInvalid',
      prop,
      `${type}, exclusive`,
      'a time, an lsn or an xid where it is exclusive: nothing else has a before',
    );
  }
}

/** What a value should be instead, by the kind of target; undefined where it is right. */
const GOALS: Partial<Record<RecoveryTarget['type'], (value: string) => string | undefined>> = {
  time: (value) => {
    // pgBackRest chooses the backup by it, and only if it is written exactly so.
    const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?([+-]\d\d(:?\d\d)?)?$/.exec(value);
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1, 7).map(Number);
    const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year) && hour < 24 && minute < 60 && second < 60;
    if (!match || !isReal) return "a time as '2026-11-21 13:42:02+00', with a space between and the offset at the end";
    return match[7] === undefined ? `a time with its offset, as '${value}+00': without one it would be that of the pod` : undefined;
  },
  lsn: (value) => (/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i.test(value) ? undefined : "a position in the log, as '0/3000060'"),
  xid: (value) => (/^[1-9]\d{0,9}$/.test(value) ? undefined : "a transaction's id, which is a number of at least 1, as text"),
  name: (value) =>
    /^[^\s\p{Cc}]([^\p{Cc}]{0,61}[^\s\p{Cc}])?$/u.test(value) ? undefined : 'the name of a restore point, at most 63 characters',
};

function follows(refuse: Refuse, { host, port, repository: source, encryptionKey, primarySlotName, applyDelay }: StandbyOptions): void {
  if (host === undefined && source === undefined) {
    refuse('StandbySourceMissing', 'standbyOf', {}, 'given a host, where the leader to follow is, or its repository, or both');
  }
  if (host !== undefined && !/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+)$/i.test(host)) {
    refuse('HostInvalid', 'standbyOf.host', host, 'a host name or an address, without a port, which is an option of its own');
  }
  if (port !== undefined && !isPort(port)) refuse('PortInvalid', 'standbyOf.port', port, 'from 1 to 65535');
  if (source !== undefined) repository(refuse, 'standbyOf.repository', source);
  if (encryptionKey !== undefined) secret(refuse, 'standbyOf.encryptionKey', encryptionKey);
  if (primarySlotName !== undefined && (host === undefined || !/^[a-z0-9_]{1,63}$/.test(primarySlotName))) {
    refuse(
      'SlotNameInvalid',
      'standbyOf.primarySlotName',
      primarySlotName,
      'at most 63 of a-z, 0-9 and _, beside a host that has that slot',
    );
  }
  if (
    applyDelay !== undefined &&
    (typeof applyDelay?.toMilliseconds !== 'function' || !Number.isInteger(seconds(applyDelay)) || seconds(applyDelay) < 0)
  ) {
    refuse('TimeInvalid', 'standbyOf.applyDelay', applyDelay, 'a Duration of whole seconds, as Duration.hours(1)');
  }
}

/** What only the rest of the cluster shows to be wrong or doubtful. */
export function recovery(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const own = plan.backups?.options.repository;
  for (const [prop, option, source] of [
    ['recovery', 'source', plan.recovery?.source],
    ['standbyOf', 'repository', plan.standby?.source],
  ] as const) {
    if (!source) continue;
    stanza(refuse, `${prop}.stanza`, source.stanza);
    uriStyle(scope, `${prop}.${option}`, source.target);
    if (!own?.mayOverlap(source.target)) continue;
    refuse(
      'RepositoryOfSource',
      `${prop}.${option}`,
      source.target.location,
      `another place than backups.repository, ${own.location}, by whatever name its host is reached, or this cluster's backups would overwrite those it comes from: give its own a path with a new generation`,
    );
  }
  if (plan.standby?.host) standbyName(scope, plan, plan.standby.host);
}

function standbyName(scope: IConstruct, { names, namespace, members, pooler }: HaPostgresPlan, host: string): void {
  const own = Array.from({ length: members }, (_, i) => `${names.statefulSet}-${i}.${names.pods}`);
  const services = [names.cluster, names.replica, names.pods, ...(pooler ? [names.pooler] : []), ...own];
  const service = services.find((name) => host === name || host.startsWith(`${name}.`));
  const [where] = host.slice((service?.length ?? 0) + 1).split('.');
  if (service && (!where || where === namespace)) {
    refuser(scope)('StandbyOfItself', 'standbyOf.host', host, "another cluster's: this is the name of its own Service");
  }
  if (service !== names.cluster) return;
  warn(
    scope,
    'StandbyHasSameName',
    `standbyOf.host is '${host}', and this cluster is '${names.cluster}' too: its members' names are the same as the other's, which in a synchronous mode takes one of them for its own; give this one another name`,
  );
}
