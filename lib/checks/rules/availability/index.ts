import type { Rule } from '../../rule';
import { probesAreGentle } from './probes';
import { quorumIsOdd } from './quorum';
import { podsAreSpread } from './spread';

export const AVAILABILITY_RULES: readonly Rule[] = [quorumIsOdd, podsAreSpread, probesAreGentle];
