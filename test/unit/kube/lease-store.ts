import { TransportFailure, type RawRequest } from '../../../src/kube/transport/transport.ts';
import { type FakeServer, status } from './fake-server.ts';

interface StoredLease {
  version: number;
  spec: Record<string, unknown>;
}

/** One Lease, as an API server keeps it. */
export class LeaseStore {
  lease: StoredLease | undefined;
  /** What the server does instead, if anything. */
  fault: ((request: RawRequest) => 'lost' | 'silent' | 'down' | 'forbidden' | undefined) | undefined;
  version = 100;

  serve(server: FakeServer): void {
    server.respond = (request) => {
      const fault = this.fault?.(request);
      if (fault === 'down') return new TransportFailure('connection', false, 'ECONNREFUSED');
      if (fault === 'forbidden') return { status: 403, body: status(403, 'Forbidden') };
      if (fault === 'silent') return new TransportFailure('timeout', true, 'no answer');
      const answer = this.#answer(request);
      return fault === 'lost' ? new TransportFailure('connection', true, 'ECONNRESET') : answer;
    };
  }

  write(spec: Record<string, unknown>): void {
    this.version += 1;
    this.lease = { version: this.version, spec: { ...this.lease?.spec, ...spec } };
  }

  get holder(): unknown {
    return this.lease?.spec['holderIdentity'];
  }

  #answer(request: RawRequest): { status: number; body: unknown } {
    const body = JSON.parse(request.body ?? '{}') as {
      metadata?: { resourceVersion?: string };
      spec?: Record<string, unknown>;
    };
    if (request.method === 'POST') {
      if (this.lease) return { status: 409, body: status(409, 'AlreadyExists') };
      this.write(body.spec ?? {});
    } else if (!this.lease) return { status: 404, body: status(404, 'NotFound') };
    if (request.method === 'PATCH') {
      if (body.metadata?.resourceVersion !== String(this.lease?.version)) {
        return { status: 409, body: status(409, 'Conflict') };
      }
      this.write(body.spec ?? {});
    }
    const metadata = { name: 'lock', uid: 'u', resourceVersion: String(this.lease?.version) };
    return { status: 200, body: { metadata, spec: this.lease?.spec } };
  }
}
