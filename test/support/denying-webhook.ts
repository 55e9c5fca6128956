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

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly url: string; readonly caBundle?: string };
  readonly timeoutSeconds: number;
}

/** One webhook is to be asked about every new Secret of the namespace. */
export const webhookConfiguration = (namespace: string, webhook: Webhook): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: namespace },
  webhooks: [
    {
      ...webhook,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
});

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
    configuration: webhookConfiguration(namespace, {
      name: 'denies.example.io',
      clientConfig: { url, caBundle: Buffer.from(certificate.cert).toString('base64') },
      timeoutSeconds: 5,
    }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
