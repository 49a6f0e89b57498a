import { type Outcome, report, whileWriting } from './session';
import { NAME, type Subject } from './subject';

/** Restarts all members by a changed annotation, with writers beside the first leader. */
export async function rollingRestart(subject: Subject): Promise<Outcome> {
  const { node } = await subject.database.leader();
  const outcome = await whileWriting(subject, node, async () => {
    await subject.apply({ pod: { annotations: { 'e2e/restart': String(Date.now()) } } });
    await subject.kubectl.run(['rollout', 'status', `statefulset/${NAME}`, '--timeout=280s'], undefined, 290);
  });
  report(`${subject.label} rolling`, outcome);
  return outcome;
}
