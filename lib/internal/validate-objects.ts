import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type CheckOptions, checkManifests } from '../checks';
import { sentenceOf, warnOf } from './findings';

/**
 * Key of the context that says how the objects below a construct are checked: `CheckOptions`, or `false` for not at all.
 *
 * `new StatefulApp({ checks })` sets it; in a plain app it is `app.node.setContext(CHECKS_CONTEXT, options)`, before anything is in it.
 */
export const CHECKS_CONTEXT = 'cdk8s-stateful:checks';

/** Apps that check all their objects together, just now. */
const checking = new WeakSet<IConstruct>();

/** Runs without the constructs' own checks, for an app that checks everything itself. */
export function withoutOwnChecks<T>(app: IConstruct, run: () => T): T {
  checking.add(app);
  try {
    return run();
  } finally {
    checking.delete(app);
  }
}

/**
 * Makes a construct check the objects that it has made so far, whenever its app is synthesized: errors fail the synth before anything is written,
 * warnings go to stderr. The last line of a constructor.
 *
 * cdk8s validates every construct again for each chart; what passed is not checked again in the same turn of the event loop, which a
 * synth is.
 */
export function validateObjects(scope: Construct): void {
  const objects = scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  let passed = false;
  scope.node.addValidation({
    validate: () => {
      const options: CheckOptions | false = scope.node.tryGetContext(CHECKS_CONTEXT) ?? {};
      if (passed || options === false || checking.has(scope.node.root)) return [];
      const origins = objects.map(({ node }) => ({ construct: node.path }));
      const json = objects.map((object) => object.toJson());
      const findings = checkManifests(json, options, { origins, phase: 'synth' });
      const errors = findings.filter(({ severity }) => severity === 'error');
      warnOf(
        scope,
        findings.filter(({ severity }) => severity === 'warning'),
      );
      passed = errors.length === 0;
      queueMicrotask(() => {
        passed = false;
      });
      return errors.map(sentenceOf);
    },
  });
}
