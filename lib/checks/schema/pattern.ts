import { type Context, createContext, Script } from 'node:vm';

/** How long a foreign pattern may take for one value, in milliseconds: a busy machine must not make a good one look slow. */
const PATIENCE = 200;

/** How long slow ones may take in all, in milliseconds: what goes on then is an attack, or as bad as one. */
const BUDGET = 800;

/** Longer values are not tried on the pattern directly, whoever wrote it: `.*@.*` takes the square of the length. */
const SHORT = 1000;

let context: (Context & { pattern?: RegExp; text?: string }) | undefined;
let script: Script | undefined;
let wasted = 0;

/**
 * A pattern of a CustomResourceDefinition. The API server reads it as RE2, which takes time in proportion to the text; JavaScript's
 * expressions can take for ever, and such a definition may be among the manifests. So what is not from this package runs
 * where it can be cut off.
 */
export class Pattern {
  private readonly expression: RegExp | undefined;
  private slow = false;

  constructor(
    public readonly source: string,
    private readonly foreign: boolean,
  ) {
    this.expression = expressionOf(source);
  }

  /** Undefined where that cannot be told here: the pattern means nothing to JavaScript, or takes too long. */
  public matches(text: string): boolean | undefined {
    if (!this.expression || this.slow) return undefined;
    if (!this.foreign && text.length <= SHORT) return this.expression.test(text);
    if (wasted >= BUDGET) return undefined;
    const answer = matchesInTime(this.expression, text);
    if (answer === undefined) {
      this.slow = true;
      wasted += PATIENCE;
    }
    return answer;
  }
}

function matchesInTime(pattern: RegExp, text: string): boolean | undefined {
  context ??= createContext({});
  script ??= new Script('pattern.test(text)');
  context.pattern = pattern;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: PATIENCE }) as boolean;
  } catch {
    return undefined;
  }
}

/** What means something else in RE2, or nothing in JavaScript: such a pattern is left to the API server. */
const FOREIGN = /\\[pPQCaz]|\[\[:|\(\?[^:=!<P]/;

/** RE2 as JavaScript; flags can be set at the start only. */
function expressionOf(source: string): RegExp | undefined {
  const [head = '', start = '', flags = ''] = /^(\^?)(?:\(\?([ims]+)\))?/.exec(source) ?? [];
  const rest = source.slice(head.length);
  if (FOREIGN.test(rest)) return undefined;
  try {
    return new RegExp(start + rest.replaceAll('(?P<', '(?<').replaceAll('\\A', '^'), flags);
  } catch {
    return undefined;
  }
}
