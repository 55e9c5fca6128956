/** Where a program of ours listens, once its log says so. A line that is still being written does not count. */
export const listeningIn = (log: string): string | undefined => {
  const line = log.split('\n').find((each) => each.includes('"msg":"listening"') && each.endsWith('}'));
  return line === undefined ? undefined : (JSON.parse(line) as { readonly address: string }).address;
};
