/**
 * What people, pipelines and mishaps do to platforms, accounts and Secrets, and what comes of it: on a real API server, with
 * real kubectl, by the operator as a process with its own ServiceAccount's token under the policies of manifests.
 *
 * One file, so that what is judged of the whole run (leaks, rights) can be judged at its end. One topic alone:
 * `npx vitest run --project server test/server/scenarios -t 'a reset'`
 *
 * @module-tag seed-safety
 */
import { afterAll, beforeAll } from 'vitest';
import { lowerShared, raiseShared } from '../../support/scenario.ts';
import './gitops.ts';
import './suspend.ts';
import './reset.ts';
import './remove.ts';
import './platform.ts';
import './ownership.ts';
import './loss-and-restore.ts';
import './lock.ts';
import './enrolment.ts';
import './refused-writes.ts';
import './leadership.ts';
import './upheaval.ts';
import './rest.ts';
import './faults.ts';
import './watches.ts';
import './storage.ts';
// What is judged of all of the above.
import './leaks.ts';
import './rbac.ts';
import './own-writes.ts';

beforeAll(raiseShared);
afterAll(lowerShared);
