import type { Finding } from '../../../lib/checks/finding';
import { checkChange } from '../../../lib/checks/rules/changes';
import { type CheckOptions, settingsOf } from '../../../lib/checks/settings';
import { manifests } from '../review/support';

/** What one rule over two trees finds. */
export function changeFindings(rule: string, before: readonly unknown[], after: readonly unknown[], options: CheckOptions = {}): Finding[] {
  return checkChange(manifests(before, options), manifests(after, options), settingsOf(options)).filter((finding) => finding.rule === rule);
}
