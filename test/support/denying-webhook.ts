import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { selfSigned } from './certificate.ts';

interface Review {
  readonly request: { readonly uid: string; readonly object: { readonly data?: Readonly<Record<string, string>> } };
}

export interface DenyingWebhook {
  /** Says no to every new Secret of the namespace, in words that quote its data. */
  readonly configuration: object;
  close(): void;
}

/** @param code of the denial; without one the API server makes it 400 */
export const startDenyingWebhook = async (namespace: string, code?: number): Promise<DenyingWebhook> => {
  const certificate = selfSigned('webhook');
  const server = createServer(certificate, (request, response) => {
    void text(request).then((body) => {
      const { uid, object } = (JSON.parse(body) as Review).request;
      const message = `no Secret with ${JSON.stringify(object.data ?? {})}`;
      const status = { message, ...(code !== undefined && { code }) };
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...review, response: { uid, allowed: false, status } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    configuration: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'denies.example.io',
          clientConfig: { url, caBundle: Buffer.from(certificate.cert).toString('base64') },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
          failurePolicy: 'Fail',
          sideEffects: 'None',
          timeoutSeconds: 5,
          admissionReviewVersions: ['v1'],
        },
      ],
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
