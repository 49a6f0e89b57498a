import type { Rule } from '../../rule';
import { noHostAccess } from './host-access';
import { imagePinned } from './images';
import { podSecurity } from './pod-security';
import { leastRights } from './rights';
import { readOnlyRoot } from './root-file-system';
import { noLiteralSecrets } from './secrets';

export const SECURITY_RULES: readonly Rule[] = [podSecurity, readOnlyRoot, noHostAccess, leastRights, noLiteralSecrets, imagePinned];
