import type { Rule } from '../../rule';
import { replicasLeftToAutoscaler } from './autoscaled';
import { nothingOwnedByControllers } from './controller-owned';
import { noForce } from './force';
import { jobsReplaced } from './jobs';
import { keepsData } from './protection';
import { withinLimits } from './size';
import { noSubstitution } from './substitution';
import { wavesInOrder } from './waves';

export const GITOPS_RULES: readonly Rule[] = [
  noForce,
  keepsData,
  jobsReplaced,
  wavesInOrder,
  noSubstitution,
  nothingOwnedByControllers,
  replicasLeftToAutoscaler,
  withinLimits,
];
