import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from './kubectl';
import { output } from './run';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority of the tests' own, and what it signs: three lines of openssl. */
export class Authority {
  public static async create(name: string): Promise<Authority> {
    const authority = new Authority(mkdtempSync(join(tmpdir(), 'e2e-authority-')));
    await authority.openssl('req', '-x509', ...KEY, '-days', '30', '-subj', `/CN=${name}`, '-keyout', 'ca.key', '-out', 'ca.crt');
    return authority;
  }

  private issued = 0;

  private constructor(private readonly folder: string) {}

  /** A Secret with a new certificate for these names, and a new key. */
  public async secret(secretName: string, names: readonly string[]): Promise<Json> {
    const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
    const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '7', '-copy_extensions', 'copy'];
    const name = `tls-${++this.issued}`; // several at a time
    await this.openssl('req', ...KEY, '-subj', `/CN=${names[0]}`, '-addext', alternatives, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    await this.openssl('x509', '-req', '-in', `${name}.csr`, ...sign, '-out', `${name}.crt`);
    const file = (path: string) => readFileSync(join(this.folder, path)).toString('base64');
    const data = { 'tls.crt': file(`${name}.crt`), 'tls.key': file(`${name}.key`), 'ca.crt': file('ca.crt') };
    return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: secretName }, data };
  }

  /** The authority's own certificate. */
  public certificate(): string {
    return readFileSync(join(this.folder, 'ca.crt'), 'utf8');
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...args: string[]): Promise<string> {
    return output('openssl', args, { cwd: this.folder });
  }
}
