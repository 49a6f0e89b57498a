import { type IConstruct, Node } from 'constructs';

/** Metadata key under which a construct keeps the warnings about it. */
const WARNING = 'cdk8s-stateful:warning';

/** Something that synthesizes and works, and that a reviewer should know. */
export interface ConstructWarning {
  /** Stable identifier of the rule. */
  readonly code: string;
  /** One sentence: the construct, what was found, and what to do about it. */
  readonly message: string;
}

/**
 * Says it where cdk8s users look: on stderr while the app runs (a Node warning, so `--disable-warning=<code>` silences it)
 * and on the construct, for the checks' report.
 */
export function warn(scope: IConstruct, code: string, text: string): void {
  const warning: ConstructWarning = { code, message: `${scope.node.path || '(root)'}: ${text}` };
  scope.node.addMetadata(WARNING, warning);
  process.emitWarning(warning.message, { type: 'cdk8s-stateful', code });
}

/** The warnings about a construct and everything below it, in order of construction. */
export function warningsOf(scope: IConstruct): ConstructWarning[] {
  return Node.of(scope)
    .findAll()
    .flatMap((c) => c.node.metadata.filter((m) => m.type === WARNING).map((m) => m.data as ConstructWarning));
}
