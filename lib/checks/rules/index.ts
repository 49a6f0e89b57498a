import type { Rule } from '../rule';
import { AVAILABILITY_RULES } from './availability';
import { replicasLeftToAutoscaler } from './gitops/autoscaled';
import { nothingOwnedByControllers } from './gitops/controller-owned';
import { noForce } from './gitops/force';
import { jobsReplaced } from './gitops/jobs';
import { keepsData } from './gitops/protection';
import { withinLimits } from './gitops/size';
import { noSubstitution } from './gitops/substitution';
import { wavesInOrder } from './gitops/waves';
import { imagePinned } from './images';
import { REFERENCE_RULES } from './references';
import { RESOURCE_RULES } from './resources';
import { noNoise } from './reviewability/noise';
import { readable } from './reviewability/readable';
import { noHostAccess } from './security/host-access';
import { podSecurity } from './security/pod-security';
import { leastRights } from './security/rights';
import { readOnlyRoot } from './security/root-file-system';
import { noLiteralSecrets } from './security/secrets';
import { immutableLabels, setDecisions } from './stateful-sets';
import { suppressionsJustified } from './suppressions';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [
  ...REFERENCE_RULES,
  ...[podSecurity, readOnlyRoot, noHostAccess, leastRights, noLiteralSecrets, imagePinned],
  ...RESOURCE_RULES,
  ...AVAILABILITY_RULES,
  ...[immutableLabels, setDecisions],
  ...[noForce, keepsData, jobsReplaced, wavesInOrder, noSubstitution, nothingOwnedByControllers, replicasLeftToAutoscaler, withinLimits],
  ...[readable, noNoise],
  suppressionsJustified,
];
