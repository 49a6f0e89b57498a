import { Yaml } from 'cdk8s';
import { hba } from './patroni';
import { type HaPostgresPlan, PATHS } from './plan';

/** What is laid over the local configuration of members that have a certificate; undefined where none shall have one. */
export function tlsConfiguration(plan: HaPostgresPlan): string | undefined {
  if (!plan.tls) return undefined;
  const [certificate, key, authority, clientAuthority] = ['tls.crt', 'tls.key', 'ca.crt', 'client-ca.crt'].map(
    (file) => `${PATHS.tls}/${file}`,
  );
  return Yaml.stringify({
    restapi: { certfile: certificate, keyfile: key },
    // Members call each other by address: `insecure` means without a look at names. The authority is verified nevertheless,
    // but only where a certificate is given, which nobody asks for.
    ctl: { insecure: true, certfile: certificate, keyfile: key, cacert: authority },
    postgresql: {
      parameters: {
        ssl: 'on',
        ssl_cert_file: certificate,
        ssl_key_file: key,
        ssl_ca_file: clientAuthority,
        // A member's own word beats the dynamic configuration, where the user's is.
        ...(!('ssl_min_protocol_version' in plan.parameters) && { ssl_min_protocol_version: 'TLSv1.2' }),
      },
      authentication: { replication: { sslrootcert: authority }, rewind: { sslrootcert: authority } },
      pg_hba: hba(plan, 'hostssl'),
    },
  });
}
