/** The variable's value; without one it throws, so that a suite never passes by doing nothing. */
export function requiredVariable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`Set ${name} to the address of a running server to run this suite.`);
}
