import { withLeftBehind } from '../compare/left-behind';
import { comparisonOf } from '../compare/pairs';
import type { Finding, Origin } from '../finding';
import type { Manifests } from '../manifests/manifests';
import { checkChange } from '../rules/changes';
import type { Settings } from '../settings';
import { budgetNotes } from './budgets';
import { imageNotes } from './images';
import { ingressNotes } from './ingresses';
import { newFindings } from './new-findings';
import { byRisk, type Note, type Risk, worst } from './note';
import { type ObjectChange, objectChanges } from './objects';
import { policyNotes } from './policies';
import { portNotes } from './ports';
import { rbacNotes } from './rbac';
import { secretNotes } from './secrets';
import { securityNotes } from './security';
import { serviceNotes } from './services';
import { type Totals, totals } from './totals';
import { volumeNotes } from './volumes';
import { type WorkloadChange, workloadChanges } from './workloads';

/** What a reviewer wants to know of a change: plain data, the report as JSON. Lists are in order, the riskiest first. */
export interface Review {
  /** Of this form; another number where a field goes or means something else. */
  readonly format: 1;
  /** The worst of all that follows. */
  readonly verdict: Risk;
  /** How many objects. */
  readonly counts: Readonly<Record<ObjectChange['change'], number>>;
  /** What the API server does not take, or what an earlier commit has to prepare: rules STS-1, STS-2 and STS-6. */
  readonly refused: readonly ChangeNote[];
  /** Volumes that would be left behind, deleted or exchanged. */
  readonly volumes: readonly Note[];
  /** Pods that restart, come or go. */
  readonly workloads: readonly WorkloadChange[];
  /** Disruption budgets that would block a drain. */
  readonly disruptions: readonly Note[];
  /** Services and Ingresses whose address, ports or pods change. */
  readonly services: readonly Note[];
  /** Ports and connections that open or close. */
  readonly network: readonly Note[];
  /** Rights that open or close: RBAC, securityContext, tokens, Pod Security. */
  readonly permissions: readonly Note[];
  /** Secrets that are newly named, or no longer. */
  readonly secrets: readonly Note[];
  readonly images: readonly Note[];
  /** Sums of what is asked for. */
  readonly totals: Totals;
  /** What the checks find now and did not find before. */
  readonly findings: readonly Finding[];
  /** Every object that changes, with its fields. */
  readonly objects: readonly ObjectChange[];
}

/** A note of a rule over two trees. */
export interface ChangeNote extends Note {
  readonly rule: string;
  readonly origin: Origin;
}

/** Compares two trees of manifests: what was applied, and what will be. */
export function reviewManifests(before: Manifests, after: Manifests, settings: Settings): Review {
  const comparison = comparisonOf(before, after);
  const cluster = withLeftBehind(comparison, settings.gitops); // what will be there, whatever Git says
  const objects = objectChanges(comparison, cluster);
  const rules = checkChange(comparison.before, comparison.after, settings).map(changeNote);
  // STS-6 is a refusal of ours: the API server would take it
  const refused = new Set(rules.filter(({ rule, risk }) => risk === 'refused' && rule !== 'STS-6').map(({ object }) => object));
  const sections = {
    refused: byRisk(rules.filter(({ rule }) => rule !== 'STS-3')),
    volumes: byRisk([...rules.filter(({ rule }) => rule === 'STS-3').map(atRisk), ...volumeNotes(comparison, settings)]),
    workloads: workloadChanges(cluster, refused),
    disruptions: budgetNotes(cluster),
    services: byRisk([...serviceNotes(cluster), ...ingressNotes(cluster)]),
    network: byRisk([...policyNotes(cluster), ...portNotes(cluster)]),
    permissions: byRisk([...rbacNotes(cluster), ...securityNotes(cluster)]),
    secrets: secretNotes(cluster),
    images: byRisk(imageNotes(cluster)),
  };
  const findings = objects.length > 0 ? newFindings(comparison, settings) : [];
  const risks = Object.values(sections).flatMap((notes: readonly { risk: Risk }[]) => notes.map(({ risk }) => risk));
  return {
    format: 1,
    verdict: worst([...risks, ...findings.map(riskOf)]),
    counts: countsOf(objects),
    ...sections,
    totals: totals(cluster.before, cluster.after),
    findings,
    objects,
  };
}

function changeNote({ rule, severity, object, field, message, fix, origin }: Finding): ChangeNote {
  return { rule, risk: severity === 'error' ? 'refused' : 'risky', object, field, message, fix, origin };
}

/** The API server takes it, whatever becomes of the data. */
function atRisk(note: ChangeNote): Note {
  return { ...note, risk: 'risky' };
}

/** What the API server does not take is told by the rules SCH; other errors are data or users at risk. */
export function riskOf({ rule, severity }: Finding): Risk {
  if (severity === 'warning') return 'safe';
  return rule.startsWith('SCH-') ? 'refused' : 'risky';
}

function countsOf(objects: readonly ObjectChange[]): Review['counts'] {
  const count = (change: ObjectChange['change']) => objects.filter((object) => object.change === change).length;
  return { added: count('added'), removed: count('removed'), renamed: count('renamed'), changed: count('changed') };
}
