/** What is wrong with a name, in words that fit after it; undefined if nothing is. */
export type Check = (name: string) => string | undefined;

/** @param why a length that the characters do not explain */
function pattern(most: number, expression: RegExp, rule: string, why = ''): Check {
  return (name) => {
    if (name.length > most) return `has ${name.length} characters, and ${most} are allowed${why}`;
    return expression.test(name) ? undefined : rule;
  };
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LABEL_RULE = 'may only hold small letters, digits and -, and begins and ends with a letter or digit';
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_RULE = 'may only hold small letters, digits, - and ., and begins and ends with a letter or digit';

/**
 * The names of Kubernetes.
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and staging/src/k8s.io/apimachinery/pkg/util/validation
 */
export const dnsLabel = pattern(63, LABEL, LABEL_RULE);
export const dnsSubdomain = pattern(253, SUBDOMAIN, SUBDOMAIN_RULE);
export const dns1035Label = pattern(
  63,
  /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/,
  'may only hold small letters, digits and -, begins with a letter and ends with a letter or digit',
);
export const portName = pattern(
  15,
  /^(?!.*--)(?=.*[a-z])[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
  'may only hold small letters, digits and single -, with at least one letter, and begins and ends with a letter or digit',
);
export const labelValue = pattern(
  63,
  /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  'may only hold letters, digits, -, _ and ., and begins and ends with a letter or digit',
);
export const dataKey = pattern(253, /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]+$/, 'may only hold letters, digits, -, _ and ., and is not . or ..');
/** What can be a part of a path: role names, `system:node`. */
export const pathSegment = pattern(253, /^(?!\.\.?$)[^/%]+$/, 'may not hold / or %, and is not . or ..');
/** Before Kubernetes 1.32. */
export const strictVariable = pattern(
  Number.POSITIVE_INFINITY,
  /^(?!\.\.?$|\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*$/,
  'may only hold letters, digits, -, _ and ., and does not begin with a digit, in Kubernetes before 1.32',
);
/** https://www.kubernetes.dev/resources/keps/4369/ */
export const variable = pattern(Number.POSITIVE_INFINITY, /^[ -<>-~]+$/, 'may only hold printable ASCII characters, and no =');

const qualifiedName = pattern(
  63,
  /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  'may only hold letters, digits, -, _ and . after its prefix',
);

/** `app`, `app.kubernetes.io/name`: keys of labels and annotations. */
export const labelKey: Check = (key) => {
  const slash = key.indexOf('/');
  if (slash < 0) return qualifiedName(key);
  if (key.indexOf('/', slash + 1) >= 0) return 'holds more than one /';
  const prefix = dnsSubdomain(key.slice(0, slash));
  return prefix ? `has a prefix that ${prefix}` : qualifiedName(key.slice(slash + 1));
};

/** Of annotations: the prefix may have capital letters there. */
export const annotationKey: Check = (key) => labelKey(key.toLowerCase());

/**
 * What an object of a kind may be called. Where the name becomes part of a label of pods, of which 63 characters are allowed, what is
 * added to it has to fit.
 *
 * @param digitFirst Services may begin with a digit, as they may since Kubernetes 1.36: https://www.kubernetes.dev/resources/keps/5311/
 */
export function objectName(group: string, kind: string, digitFirst: boolean): Check {
  if (group === 'rbac.authorization.k8s.io' || group.endsWith('.openshift.io')) return pathSegment;
  if (`${group}/${kind}` === '/Service') return digitFirst ? dnsLabel : dns1035Label;
  return OBJECT_NAMES.get(`${group}/${kind}`) ?? dnsSubdomain;
}

const OBJECT_NAMES = new Map<string, Check>([
  ['/Namespace', dnsLabel],
  // kubernetes/kubernetes#114172 (a label), kubernetes/kubernetes#64023 (the revision: - and up to ten characters)
  ['apps/StatefulSet', pattern(52, LABEL, LABEL_RULE, ': a revision is added to it in a label of the pods')],
  ['batch/CronJob', pattern(52, SUBDOMAIN, SUBDOMAIN_RULE, ': its jobs add a time to it')],
  ['batch/Job', pattern(63, SUBDOMAIN, SUBDOMAIN_RULE, ': it is a label of the pods')],
  ['/Event', pathSegment],
  ['events.k8s.io/Event', pathSegment],
  ['apiregistration.k8s.io/APIService', pathSegment],
  ['certificates.k8s.io/CertificateSigningRequest', pathSegment],
  ['certificates.k8s.io/ClusterTrustBundle', pathSegment],
  ['internal.apiserver.k8s.io/StorageVersion', pathSegment],
  ['networking.k8s.io/IPAddress', pathSegment],
]);
