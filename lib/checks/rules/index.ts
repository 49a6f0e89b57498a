import type { Rule } from '../rule';
import { replicasLeftToAutoscaler } from './gitops/autoscaled';
import { nothingOwnedByControllers } from './gitops/controller-owned';
import { noForce } from './gitops/force';
import { jobsReplaced } from './gitops/jobs';
import { keepsData } from './gitops/protection';
import { withinLimits } from './gitops/size';
import { noSubstitution } from './gitops/substitution';
import { wavesInOrder } from './gitops/waves';
import { imagePinned } from './images';
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
  ...[podSecurity, readOnlyRoot, noHostAccess, leastRights, noLiteralSecrets, imagePinned],
  ...[immutableLabels, setDecisions],
  ...[noForce, keepsData, jobsReplaced, wavesInOrder, noSubstitution, nothingOwnedByControllers, replicasLeftToAutoscaler, withinLimits],
  ...[readable, noNoise],
  suppressionsJustified,
];
