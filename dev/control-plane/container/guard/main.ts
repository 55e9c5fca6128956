import { removeContainer } from '../engine.ts';

// Outlives its parent by as long as it takes to remove the parent's container: the pipe closes when the parent ends.
const [address, id] = process.argv.slice(2);
if (address === undefined || id === undefined) throw new Error('usage: main.ts ENGINE CONTAINER');
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
process.stdin.resume().on('close', () => void removeContainer(address, id));
