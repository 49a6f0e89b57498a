import { parse } from 'yaml';
import { chartWith, objectOf } from '../support';

const configuration = (callbacks?: object) => {
  const { data } = objectOf(chartWith({ patroni: { callbacks } }), 'ConfigMap', 'orders-patroni');
  return { data, callbacks: parse(data['patroni.yaml']).postgresql.callbacks };
};

test('without callbacks Patroni is told of none', () => {
  expect(configuration().callbacks).toBeUndefined();
});

test('each is a file that bash runs, with its last line ended', () => {
  const { data, callbacks } = configuration({ onRoleChange: 'echo "$2"', onStop: 'true\n' });
  expect(callbacks).toEqual({ on_stop: 'bash /etc/patroni/on-stop.sh', on_role_change: 'bash /etc/patroni/on-role-change.sh' });
  expect([data['on-role-change.sh'], data['on-stop.sh']]).toEqual(['echo "$2"\n', 'true\n']);
});

test('a changed script restarts no pod', () => {
  const [one, other] = ['a', 'b'].map((text) =>
    objectOf(chartWith({ patroni: { callbacks: { onStart: text } } }), 'StatefulSet', 'orders'),
  );
  expect(one).toEqual(other);
});
