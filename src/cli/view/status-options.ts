import type { Phase } from '../../api/phases.ts';
import type { ClusterOptions } from '../cluster/connect.ts';
import type { StatusForm } from '../frame/choices.ts';

export interface StatusOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly platform?: string;
  readonly phase?: Phase;
  readonly watch?: boolean;
  readonly output?: StatusForm;
  readonly headers: boolean;
}
